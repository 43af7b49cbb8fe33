using Rootcast.Contract;
using Rootcast.Formats;
using Rootcast.Formats.Cpio;
using Rootcast.Formats.Tar;
using Rootcast.Formats.Tree;
using Rootcast.Images.Progress;
using Rootcast.Linux.Libraries;

namespace Rootcast.Images.Forms;

/// <summary>
/// Form <c>initramfs</c>: the tree as a cpio archive that the kernel itself unpacks, below <see cref="InitramfsPaths.UnpackedTree"/>, so that neither the
/// tree's files and those of <c>/init</c> replace each other nor anything has to be moved. At its end stands how many names it has: the kernel boots on
/// with a part of them when memory runs out.
/// </summary>
public sealed class InitramfsForm : IFormCaster
{
    private const int Page = 4096;
    private const int InodeBytes = 1024;
    private const int DirectoryMode = 0x1ED; // 0755
    private const int ReadableFile = 0x124; // 0444

    /// <inheritdoc/>
    public Form Form => Form.Initramfs;

    /// <inheritdoc/>
    public IReadOnlyList<string> Tools => [];

    /// <inheritdoc/>
    public Task<string> DescribeInputsAsync(CastOptions options, CancellationToken cancellation) =>
        Task.FromResult($"cpio below {InitramfsPaths.UnpackedTree}, {ZstdFile.Settings}");

    /// <inheritdoc/>
    public Task<long> CastAsync(CastRequest request, CancellationToken cancellation)
    {
        Dictionary<UnixPath, int> links = CountLinks(request.Tree.TarPath, cancellation);
        using FileStream tar = new(request.Tree.TarPath, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        using FileStream sink = new(request.Output, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        using ZstdCompressStream compressor = new(sink, ZstdFile.Level, ZstdFile.Workers, leaveOpen: true);
        try
        {
            CpioWriter writer = new(compressor);
            long unpacked = WriteTree(new TarReader(tar), writer, links, request.Stage, tar, cancellation);
            writer.Finish();
            compressor.Finish();
            return Task.FromResult(unpacked);
        }
        catch (InvalidDataException e)
        {
            throw new UserError(
                $"form initramfs: {e.Message}",
                "Take another form for this tree: squashfs holds everything.",
                UserErrorKind.Input,
                e
            );
        }
    }

    private static Dictionary<UnixPath, int> CountLinks(string path, CancellationToken cancellation)
    {
        Dictionary<UnixPath, int> links = [];
        using FileStream tar = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        TarReader reader = new(tar);
        while (reader.Next() is { } entry)
        {
            cancellation.ThrowIfCancellationRequested();
            if (entry.Kind == NodeKind.HardLink)
            {
                links[Below(entry.Target)] = links.GetValueOrDefault(Below(entry.Target), 1) + 1;
            }
        }
        return links;
    }

    /// <returns>Bytes of memory that it takes once unpacked. The kernel writes the holes of sparse files as zeros.</returns>
    private static long WriteTree(
        TarReader reader,
        CpioWriter writer,
        Dictionary<UnixPath, int> links,
        IProgressStage stage,
        FileStream tar,
        CancellationToken cancellation
    )
    {
        using MemoryStream attributes = new();
        TarWriter attributed = new(attributes);
        HashSet<UnixPath> directories = [];
        long names = 0;
        long unpacked = 0;
        while (reader.Next() is { } read)
        {
            cancellation.ThrowIfCancellationRequested();
            stage.Report(tar.Position, tar.Length);
            TreeEntry entry = read with
            {
                Path = Below(read.Path),
                Target = read.Kind == NodeKind.HardLink ? Below(read.Target) : read.Target,
            };
            names += AddParents(writer, entry.Path, directories);
            if (entry.Kind == NodeKind.Directory && !directories.Add(entry.Path))
            {
                throw new InvalidDataException($"the directory {read.Path} comes twice, or after what is in it");
            }
            names++;
            unpacked += entry.Kind == NodeKind.HardLink ? 0 : InodeBytes;
            if (read.Attributes.Count > 0)
            {
                attributed.Write(read with { Kind = NodeKind.Directory, Size = 0, DataRanges = null, Target = default });
            }
            writer.Begin(entry with { Attributes = [] }, linkCount: links.GetValueOrDefault(entry.Path, 1));
            if (entry.Kind == NodeKind.File)
            {
                WriteData(reader, writer, entry.Size);
                unpacked += TreeFacts.RoundUp(entry.Size, Page);
            }
            writer.End();
        }
        attributed.Finish();
        HashSet<UnixPath> own = [];
        AddOwn(writer, InitramfsPaths.UnpackedAttributes, attributes.ToArray(), own);
        // Last, and by that the proof that all before it was tried.
        AddOwn(writer, InitramfsPaths.UnpackedMark, new UnpackedMark(names, unpacked).ToBytes(), own);
        return unpacked;
    }

    private static void WriteData(TarReader reader, CpioWriter writer, long size)
    {
        byte[] zeros = new byte[1 << 16];
        long at = 0;
        while (reader.ReadData(out long offset, out ReadOnlySpan<byte> bytes))
        {
            Fill(offset);
            writer.WriteData(bytes);
            at = offset + bytes.Length;
        }
        Fill(size);

        void Fill(long end)
        {
            for (; at < end; at += Math.Min(end - at, zeros.Length))
            {
                writer.WriteData(zeros.AsSpan(0, (int)Math.Min(end - at, zeros.Length)));
            }
        }
    }

    /// <summary>The kernel makes no directories that are not in the archive.</summary>
    private static long AddParents(CpioWriter writer, UnixPath path, HashSet<UnixPath> directories)
    {
        long added = 0;
        for (int slash = path.Bytes.IndexOf((byte)'/'); slash > 0; )
        {
            UnixPath parent = new(path.Memory[..slash]);
            if (directories.Add(parent))
            {
                writer.Write(Own(parent, NodeKind.Directory, DirectoryMode));
                added++;
            }
            int next = path.Bytes[(slash + 1)..].IndexOf((byte)'/');
            slash = next < 0 ? -1 : slash + 1 + next;
        }
        return added;
    }

    private static void AddOwn(CpioWriter writer, string path, byte[] bytes, HashSet<UnixPath> directories)
    {
        UnixPath name = UnixPath.From(path.TrimStart('/'));
        AddParents(writer, name, directories);
        writer.Write(Own(name, NodeKind.File, ReadableFile) with { Size = bytes.Length }, bytes);
    }

    private static TreeEntry Own(UnixPath path, NodeKind kind, int mode) =>
        new()
        {
            Path = path,
            Kind = kind,
            Mode = mode,
        };

    /// <summary>A path of the tree as a path of the archive.</summary>
    private static UnixPath Below(UnixPath path)
    {
        ReadOnlySpan<byte> top = "sysroot"u8;
        return path.IsEmpty ? new UnixPath(top.ToArray()) : new UnixPath((byte[])[.. top, (byte)'/', .. path.Bytes]);
    }
}
