using System.Globalization;

namespace Rootcast.Images.Trees;

/// <summary>A tree that is made: one deterministic PAX tar with everything, sorted by path, owners as numbers.</summary>
/// <param name="TarPath">Where it is: in the build cache, so it is read and never written.</param>
/// <param name="Digest">SHA-256 of the tar, as <c>sha256:</c> and 64 lower-case hexadecimal digits.</param>
/// <param name="Bytes">Length of the tar.</param>
/// <param name="Entries">How many entries it has.</param>
/// <param name="PageBytes">What its files take in a tmpfs: their data in whole pages of 4 KiB, without holes; hard links once.</param>
public sealed record TreeArchive(string TarPath, string Digest, long Bytes, int Entries, long PageBytes)
{
    internal static string PathIn(string directory) => Path.Combine(directory, "tree.tar");

    /// <summary>Reads what a build has left.</summary>
    internal static TreeArchive Load(string directory)
    {
        string[] words = File.ReadAllText(Path.Combine(directory, "tree")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return new TreeArchive(
            PathIn(directory),
            words[0],
            long.Parse(words[1], CultureInfo.InvariantCulture),
            int.Parse(words[2], CultureInfo.InvariantCulture),
            long.Parse(words[3], CultureInfo.InvariantCulture)
        );
    }

    /// <summary>Leaves it for the next build.</summary>
    internal void Save(string directory) =>
        File.WriteAllText(
            Path.Combine(directory, "tree"),
            string.Create(CultureInfo.InvariantCulture, $"{Digest} {Bytes} {Entries} {PageBytes}\n")
        );
}
