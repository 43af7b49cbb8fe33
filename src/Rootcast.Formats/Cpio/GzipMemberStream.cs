using System.Buffers.Binary;
using System.IO.Compression;

namespace Rootcast.Formats.Cpio;

/// <summary>Unpacks exactly one gzip member and leaves the initrd's window right behind it. The framework's inflater does not say how much of its input it used;
/// the member's own trailer (sum and length, which are checked so at once) tells.</summary>
/// <remarks>RFC 1952.</remarks>
internal sealed class GzipMemberStream : ForwardStream
{
    private const int TrailerLength = 8;
    private const int LongestHeader = 8192;
    private readonly ByteSource source;
    private readonly RestStream compressed;
    private readonly DeflateStream inflater;
    private readonly long offset;
    private uint crc;
    private uint length;
    private bool ended;

    public GzipMemberStream(ByteSource source)
    {
        this.source = source;
        offset = source.Position;
        PassHeader();
        compressed = new RestStream(source);
        inflater = new DeflateStream(compressed, CompressionMode.Decompress);
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (ended || buffer.IsEmpty)
        {
            return 0;
        }
        int read = Inflate(buffer);
        if (read == 0)
        {
            ended = true;
            PassTrailer();
        }
        crc = Crc32.Append(crc, buffer[..read]);
        length += (uint)read;
        return read;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inflater.Dispose();
        }
        base.Dispose(disposing);
    }

    private int Inflate(Span<byte> buffer)
    {
        try
        {
            return inflater.Read(buffer);
        }
        catch (InvalidDataException error)
        {
            // The framework speaks of archives and methods, not of places.
            throw Invalid("its deflated data is damaged or cut", error);
        }
    }

    private void PassHeader()
    {
        source.Ensure(LongestHeader);
        ReadOnlySpan<byte> bytes = source.Buffered[..Math.Min(source.Buffered.Length, LongestHeader)];
        int used = 10;
        if (bytes.Length < used || bytes[2] != 8 || (bytes[3] & 0xe0) != 0)
        {
            throw Invalid("its header is damaged");
        }
        byte flags = bytes[3];
        if ((flags & 4) != 0)
        {
            used += bytes.Length < used + 2 ? LongestHeader : 2 + BinaryPrimitives.ReadUInt16LittleEndian(bytes[used..]);
        }
        // Name and comment, each up to its NUL, then a sum of the header.
        foreach (int flag in (ReadOnlySpan<int>)[8, 16])
        {
            if ((flags & flag) != 0 && used < bytes.Length)
            {
                int end = bytes[used..].IndexOf((byte)0);
                used = end < 0 ? bytes.Length + 1 : used + end + 1;
            }
        }
        used += (flags & 2) != 0 ? 2 : 0;
        if (used > bytes.Length)
        {
            throw Invalid("its header is cut");
        }
        source.Consume(used);
    }

    /// <summary>The inflater's last input is still in the window: the trailer starts somewhere in it, or right behind it.</summary>
    private void PassTrailer()
    {
        int last = compressed.Pending;
        source.Ensure(last + TrailerLength);
        ReadOnlySpan<byte> bytes = source.Buffered[..Math.Min(source.Buffered.Length, last + TrailerLength)];
        Span<byte> trailer = stackalloc byte[TrailerLength];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, crc);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], length);
        int at = bytes.IndexOf(trailer);
        if (at < 0)
        {
            throw Invalid("it is cut, or its sum is wrong");
        }
        source.Consume(at + TrailerLength);
    }

    private InvalidDataException Invalid(string reason, Exception? cause = null) => new($"gzip: {reason} (member at byte {offset})", cause);
}
