using Rootcast.Images.Recipes;

namespace Rootcast.Images.Sources.Apt;

/// <summary>The keys that archives are checked against while a tree is made: those that the host's apt trusts, Debian's own, and the recipe's.</summary>
internal static class AptKeyrings
{
    private const string Debian = "/usr/share/keyrings/debian-archive-keyring.gpg";

    /// <summary>Copies them into a directory that apt's own user can read.</summary>
    internal static void Gather(string directory, IReadOnlyList<RecipeText> keys)
    {
        Directory.CreateDirectory(directory);
        string trusted = "/etc/apt/trusted.gpg.d";
        IEnumerable<string> host = Directory.Exists(trusted) ? Directory.EnumerateFiles(trusted) : [];
        foreach (string file in host.Append(Debian).Where(File.Exists))
        {
            if (Path.GetExtension(file) is ".gpg" or ".asc")
            {
                Copy(file, Path.Combine(directory, Path.GetFileName(file)));
            }
        }
        foreach (RecipeText key in keys)
        {
            Copy(key.Value, Path.Combine(directory, NameOf(key)));
        }
    }

    /// <summary>The file under which apt takes a recipe's key: its ending says which kind it is.</summary>
    internal static string NameOf(RecipeText key)
    {
        byte[] start = new byte[64];
        using FileStream file = Open(key);
        int got = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        string ending = start.AsSpan(0, got).StartsWith("-----BEGIN PGP"u8) ? ".asc" : ".gpg";
        string stem = Path.GetFileNameWithoutExtension(key.Value);
        return string.Concat(stem.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')) + ending;
    }

    /// <summary>A recipe's key.</summary>
    internal static FileStream Open(RecipeText key)
    {
        try
        {
            return File.OpenRead(key.Value);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw RecipeError.At(
                key.Place,
                $"the key {key} cannot be read: {error.Message}",
                "Keys are relative to the recipe's directory.",
                error
            );
        }
    }

    private static void Copy(string from, string to)
    {
        File.Copy(from, to, overwrite: true);
        File.SetUnixFileMode(to, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }
}
