using System.Buffers.Binary;
using System.Text;

namespace Rootcast.Formats.Snapshots;

/// <summary>The head of a device-mapper snapshot's persistent exception store: an empty one is written before the kernel sees it, with the image that it
/// belongs to; over another image its chunks would be a broken file system.</summary>
/// <param name="IsValid">Whether the kernel still trusts it; it takes that back for good when the store overflowed or failed.</param>
/// <param name="ChunkBytes">Bytes of a chunk.</param>
/// <param name="Base">Digest of the image that it was begun over: <c>sha256:</c> and 64 hexadecimal digits; null when it does not say.</param>
public sealed record SnapshotStore(bool IsValid, long ChunkBytes, string? Base)
{
    /// <summary>Bytes of a chunk in the stores that <see cref="WriteEmpty"/> makes: a block of the file systems above, so that a written block never
    /// needs the old one.</summary>
    public const int NewChunkBytes = 4096;

    /// <summary>Bytes that <see cref="Read"/> wants and <see cref="WriteEmpty"/> writes: header and first table.</summary>
    public const int HeadBytes = 2 * NewChunkBytes;

    private const int SectorBytes = 512;
    private const int ExceptionsPerTable = NewChunkBytes / 16;

    /// <summary>Bytes of a store in which every chunk of an origin can be kept, so that it can never overflow.</summary>
    /// <param name="originBytes">Length of the origin.</param>
    public static long BytesForAll(long originBytes)
    {
        long chunks = (originBytes + NewChunkBytes - 1) / NewChunkBytes;
        // Header, a table for each 256 exceptions, and the empty one that the kernel zeroes ahead.
        return (1 + chunks + (chunks / ExceptionsPerTable) + 2) * NewChunkBytes;
    }

    /// <summary>The head of an empty store.</summary>
    public static byte[] WriteEmpty(string? baseDigest)
    {
        byte[] head = new byte[HeadBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(SnapshotStoreLayout.Magic), SnapshotStoreLayout.MagicValue);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(SnapshotStoreLayout.Valid), 1);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(SnapshotStoreLayout.Version), SnapshotStoreLayout.VersionValue);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(SnapshotStoreLayout.ChunkSectors), NewChunkBytes / SectorBytes);
        if (baseDigest is not null)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(baseDigest.Length, SnapshotStoreLayout.BaseDigestBytes, nameof(baseDigest));
            SnapshotStoreLayout.BaseMagicValue.CopyTo(head.AsSpan(SnapshotStoreLayout.BaseMagic));
            Encoding.ASCII.GetBytes(baseDigest, head.AsSpan(SnapshotStoreLayout.BaseDigest));
        }
        return head;
    }

    /// <summary>Reads a head; null when it is no store.</summary>
    /// <exception cref="InvalidDataException">It is one that we cannot use.</exception>
    public static SnapshotStore? Read(ReadOnlySpan<byte> head)
    {
        if (head.Length < HeadBytes || Field(head, SnapshotStoreLayout.Magic) != SnapshotStoreLayout.MagicValue)
        {
            return null;
        }
        uint version = Field(head, SnapshotStoreLayout.Version);
        if (version != SnapshotStoreLayout.VersionValue)
        {
            throw new InvalidDataException($"the exception store has version {version} at byte {SnapshotStoreLayout.Version}, not 1");
        }
        uint sectors = Field(head, SnapshotStoreLayout.ChunkSectors);
        const uint mostSectors = 1 << 20;
        if (sectors is 0 or > mostSectors || !System.Numerics.BitOperations.IsPow2(sectors))
        {
            throw new InvalidDataException(
                $"the exception store has chunks of {sectors} sectors at byte {SnapshotStoreLayout.ChunkSectors}, which is no power of two up to {mostSectors}"
            );
        }
        return new SnapshotStore(Field(head, SnapshotStoreLayout.Valid) == 1, (long)sectors * SectorBytes, BaseOf(head));
    }

    private static string? BaseOf(ReadOnlySpan<byte> head) =>
        head[SnapshotStoreLayout.BaseMagic..].StartsWith(SnapshotStoreLayout.BaseMagicValue)
            ? Encoding.ASCII.GetString(head.Slice(SnapshotStoreLayout.BaseDigest, SnapshotStoreLayout.BaseDigestBytes))
            : null;

    private static uint Field(ReadOnlySpan<byte> head, int at) => BinaryPrimitives.ReadUInt32LittleEndian(head[at..]);
}
