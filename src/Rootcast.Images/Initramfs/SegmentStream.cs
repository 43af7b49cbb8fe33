using System.Globalization;
using System.Text;
using Rootcast.Contract;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Initramfs;

/// <summary>Writes the small segments that come behind the base: cpio "newc" entries of root's, uncompressed, at known offsets of the initrd
/// (buffer-format.rst in the kernel's documentation).</summary>
internal sealed class SegmentStream(Stream output)
{
    private const int CopyBytes = 64 << 20;
    private const int HeaderBytes = 110;
    private const int DirectoryMode = 0x41ED; // drwxr-xr-x
    private const int ReadableFile = 0x8124; // -r--r--r--
    private const string Trailer = "TRAILER!!!";

    private uint _inode;

    /// <summary>Offset in the initrd.</summary>
    public long Position { get; private set; }

    /// <summary>NULs up to a multiple of that; the kernel skips them between archives, and wants each archive at a multiple of 4.</summary>
    public void Align(int alignment) => Pad((alignment - (Position % alignment)) % alignment);

    /// <summary>Bytes as they are.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        Position += bytes.Length;
    }

    /// <summary>A file's bytes as they are: shared with it where the file system can and the offset is a multiple of its blocks, else copied by the kernel.</summary>
    public void Copy(string path, CancellationToken cancellation)
    {
        using FileStream source = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        if (output is FileStream file)
        {
            file.Flush();
            long length = source.Length;
            // In parts, so that it can be cancelled.
            for (long done = 0; done < length; done += CopyBytes)
            {
                cancellation.ThrowIfCancellationRequested();
                long part = Math.Min(length - done, CopyBytes);
                long copied = FileData.CopyRange(source.SafeFileHandle, done, file.SafeFileHandle, Position, part, file.Name);
                if (copied < part)
                {
                    throw new EndOfStreamException($"{path} became shorter while it was copied");
                }
                Position += part;
            }
            file.Seek(Position, SeekOrigin.Begin);
            return;
        }
        byte[] buffer = new byte[1 << 20];
        while (source.Read(buffer) is > 0 and int read)
        {
            cancellation.ThrowIfCancellationRequested();
            Write(buffer.AsSpan(0, read));
        }
    }

    /// <summary>The directories that lead to a path: the kernel makes none by itself.</summary>
    public void WriteParents(string path)
    {
        for (int slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            Header(path[1..slash], DirectoryMode, 2, 0);
        }
    }

    /// <summary>NULs, so that the data of a file which comes next starts at a multiple of <paramref name="alignment"/>.</summary>
    public void AlignData(string path, int alignment)
    {
        // The name loses its leading slash and gains a NUL.
        long headed = (HeaderBytes + path.Length + 3) / 4 * 4;
        Align(4);
        Pad((alignment - ((Position + headed) % alignment)) % alignment);
    }

    /// <summary>A file's header; its data comes next through <see cref="Write"/>.</summary>
    public void WriteFileHeader(string path, long size)
    {
        if (size > uint.MaxValue)
        {
            throw new UserError(
                $"{path} would have {size} bytes in the initrd, where a file has at most {uint.MaxValue}.",
                "Use the carrier 'http' or 'disk' for it.",
                UserErrorKind.Input
            );
        }
        Header(path[1..], ReadableFile, 1, size);
    }

    /// <summary>Ends the archive.</summary>
    public void WriteTrailer()
    {
        Align(4);
        Header(Trailer, 0, 1, 0);
    }

    private void Header(string name, int mode, int links, long size)
    {
        Align(4);
        uint inode = name == Trailer ? 0 : ++_inode;
        StringBuilder header = new("070701", HeaderBytes);
        ReadOnlySpan<long> fields = [inode, mode, 0, 0, links, 0, size, 0, 0, 0, 0, name.Length + 1, 0];
        foreach (long field in fields)
        {
            header.Append(field.ToString("X8", CultureInfo.InvariantCulture));
        }
        Write(Encoding.ASCII.GetBytes(header.Append(name).Append('\0').ToString()));
        Align(4);
    }

    private void Pad(long count)
    {
        Span<byte> zeros = stackalloc byte[4096];
        zeros.Clear();
        for (; count > 0; count -= Math.Min(count, zeros.Length))
        {
            Write(zeros[..(int)Math.Min(count, zeros.Length)]);
        }
    }
}
