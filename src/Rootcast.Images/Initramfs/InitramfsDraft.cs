using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rootcast.Formats.Tree;
using Rootcast.Images.Cpio;

namespace Rootcast.Images.Initramfs;

/// <summary>An initramfs that is decided on and not yet written. Holds files open that were looked into.</summary>
public sealed class InitramfsDraft : IDisposable
{
    private const int ReadableByOthers = 0x24; // 0044

    private readonly InitramfsTree _tree;

    internal InitramfsDraft(InitramfsTree tree, IReadOnlyList<string> notes)
    {
        _tree = tree;
        Notes = notes;
    }

    /// <summary>What was wished for and is not there, for people.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Why each file is there.</summary>
    public InitramfsReasons Reasons => _tree.Reasons;

    /// <summary>How many entries it has.</summary>
    public int Count => _tree.Entries.Count;

    /// <summary>What is in it, as a text that can be edited and built from.</summary>
    public InitramfsManifest Manifest => InitramfsManifest.Of(_tree);

    /// <summary>Whether it has a file, a key for one, that nobody but its owner may read.</summary>
    public bool IsPrivate => _tree.Entries.Any(entry => entry.From is { } file && (file.Status.Permissions & ReadableByOthers) == 0);

    /// <summary>A digest of all that decides the archive: what is made here by its bytes, files of this host by name, length and time.</summary>
    public string InputsDigest()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (InitramfsEntry entry in _tree.Entries)
        {
            TreeEntry e = entry.Entry;
            (string? path, long seconds, int parts) = entry.From is { } from
                ? (from.Path, from.Status.ModifiedSeconds, from.Status.ModifiedNanoseconds)
                : (null, 0, 0);
            string line = string.Create(
                CultureInfo.InvariantCulture,
                $"{e.Path} {e.Kind} {e.Mode} {e.ModifiedSeconds} {e.Size} {e.Target} {e.DeviceMajor}:{e.DeviceMinor} {path} {seconds}.{parts}\n"
            );
            hash.AppendData(Encoding.UTF8.GetBytes(line));
            hash.AppendData(entry.Content is { } content ? content.Span : []);
        }
        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Writes the archive, uncompressed, to a stream: the same draft gives the same bytes.</summary>
    public void Write(Stream archive, CancellationToken cancellation = default) => CpioCreation.Write(Sources, archive, cancellation);

    /// <summary>Writes the archive, uncompressed, to a file, with its data shared or at least copied by the kernel.</summary>
    /// <param name="path">A file that is there is replaced when the new one is complete and synced.</param>
    /// <param name="writing">How.</param>
    /// <param name="before">What stands before it: microcode.</param>
    /// <param name="cancellation">Stops it; there is no output then.</param>
    public CpioResult Write(
        string path,
        CpioWriting writing,
        ReadOnlyMemory<byte> before = default,
        CancellationToken cancellation = default
    ) => CpioCreation.Create(Sources, path, writing, before, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _tree.Files.Dispose();

    private IEnumerable<CpioSource> Sources => _tree.Entries.Select(entry => entry.Source);
}
