using Rootcast.Formats;
using Rootcast.Formats.Cpio;
using Rootcast.Formats.Tree;
using Rootcast.Images.Initramfs;
using Rootcast.Images.Trees;

namespace Rootcast.Images.Media;

/// <summary>The tree that a kernel makes of an initrd: its members one after another into one tree, the later over the earlier. The bytes of compressed
/// members are kept unpacked in a file.</summary>
internal sealed class InitrdTree : IDisposable
{
    private readonly FileStream spool;
    private readonly FileStream plain;
    private readonly MediaExtent extent;

    private InitrdTree(MediaExtent extent, string spoolPath)
    {
        this.extent = extent;
        spool = new FileStream(spoolPath, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite, 1 << 16);
        plain = new FileStream(extent.Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        Tree.Own(spool);
        Tree.Own(plain);
    }

    /// <summary>The Tree.</summary>
    internal FileTree Tree { get; } = new();

    /// <summary>The members, for people: <c>cpio, gzip</c>.</summary>
    internal IReadOnlyList<InitrdMember> Members { get; private set; } = [];

    /// <summary>What the kernel would pass over.</summary>
    internal IReadOnlyList<ArchiveProblem> Problems { get; private set; } = [];

    /// <summary>Reads it whole.</summary>
    /// <param name="extent">The initrd.</param>
    /// <param name="spool">Where a file for unpacked bytes is made; it lasts as long as the Tree.</param>
    /// <param name="cancellation">Stops between entries.</param>
    /// <exception cref="InvalidDataException">The kernel would stop here, or nothing here can unpack a member.</exception>
    internal static InitrdTree Read(MediaExtent extent, string spool, CancellationToken cancellation)
    {
        InitrdTree initrd = new(extent, spool);
        try
        {
            initrd.Read(cancellation);
            return initrd;
        }
        catch
        {
            initrd.Dispose();
            throw;
        }
    }

    /// <summary>Closes the tree's files; the tree does the same.</summary>
    public void Dispose() => Tree.Dispose();

    private void Read(CancellationToken cancellation)
    {
        using Stream stream = extent.Open();
        using MemberDecompressor decompressor = new();
        using InitrdReader reader = new(stream, decompressor.Open);
        Tree.MakeParents(UnixPath.From("x"), 0);
        while (reader.Next() is { } entry)
        {
            cancellation.ThrowIfCancellationRequested();
            Take(entry, reader);
        }
        spool.Flush();
        if (reader.Members.FirstOrDefault(member => !member.Opened) is { } closed)
        {
            throw new InvalidDataException(
                $"initrd: the {closed.Compression} member at byte {closed.Offset} needs a program that is not installed"
            );
        }
        Members = [.. reader.Members];
        Problems = [.. reader.Problems];
    }

    private void Take(TreeEntry entry, InitrdReader reader)
    {
        if (entry.Kind == NodeKind.Socket)
        {
            return;
        }
        if (entry.Kind == NodeKind.HardLink)
        {
            TreeInode target =
                Tree.Find(entry.Target) ?? throw new InvalidDataException($"initrd: /{entry.Path} is a hard link to nothing");
            if (entry.Size > 0)
            {
                // The data of one file may come with any of its names.
                TreeInode filled = new(target.Entry with { Size = entry.Size }, DataOf(entry.Size, reader));
                Tree.Replace(target, filled);
                target = filled;
            }
            if (Tree.Resolve(entry.Path) != Tree.Resolve(entry.Target))
            {
                Tree.Put(entry.Path, target);
            }
            return;
        }
        TreeData? data = entry.Kind == NodeKind.File && entry.Size > 0 ? DataOf(entry.Size, reader) : null;
        Tree.Put(entry.Path, new TreeInode(entry, data));
    }

    private ArchivedData DataOf(long size, InitrdReader reader)
    {
        if (reader.Members[^1].Compression == InitrdCompression.None)
        {
            return new ArchivedData(plain, extent.Offset + reader.DataOffset, size);
        }
        long start = spool.Position;
        while (reader.ReadData(out ReadOnlySpan<byte> bytes))
        {
            spool.Write(bytes);
        }
        if (spool.Position - start != size)
        {
            throw new InvalidDataException($"initrd: {spool.Position - start} bytes came where {size} were announced");
        }
        return new ArchivedData(spool, start, size);
    }
}
