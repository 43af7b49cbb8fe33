using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rootcast.Formats.Cpio;
using Rootcast.Formats.Tree;

namespace Rootcast.Images.Initramfs;

/// <summary>An initramfs that is decided on and not yet written.</summary>
public sealed class InitramfsDraft
{
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

    /// <summary>A digest of all that decides the archive: what is made here by its bytes, files of this host by name, length and time.</summary>
    public string InputsDigest()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (InitramfsEntry entry in _tree.Entries)
        {
            TreeEntry e = entry.Entry;
            long changed = entry.From is null ? 0 : new FileInfo(entry.From).LastWriteTimeUtc.Ticks;
            string line = string.Create(
                CultureInfo.InvariantCulture,
                $"{e.Path} {e.Kind} {e.Mode} {e.ModifiedSeconds} {e.Size} {e.Target} {e.DeviceMajor}:{e.DeviceMinor} {entry.From} {changed}\n"
            );
            hash.AppendData(Encoding.UTF8.GetBytes(line));
            hash.AppendData(entry.Content is { } content ? content.Span : []);
        }
        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Writes the archive, uncompressed: the same draft gives the same bytes.</summary>
    public void Write(Stream archive, CancellationToken cancellation = default)
    {
        CpioWriter writer = new(archive);
        foreach (InitramfsEntry entry in _tree.Entries)
        {
            cancellation.ThrowIfCancellationRequested();
            if (entry.Content is { } content)
            {
                writer.Write(entry.Entry, content.Span);
            }
            else if (entry.From is { } from)
            {
                using FileStream file = new(from, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
                writer.Write(entry.Entry, file);
            }
            else
            {
                writer.Write(entry.Entry);
            }
        }
        writer.Finish();
    }
}
