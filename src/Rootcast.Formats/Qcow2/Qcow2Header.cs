using System.Buffers.Binary;

namespace Rootcast.Formats.Qcow2;

/// <summary>What a qcow2 image says of itself.</summary>
/// <param name="Version">2 or 3.</param>
/// <param name="DiskBytes">Length of the disk in it.</param>
/// <param name="ClusterBytes">512 to 2 MiB.</param>
/// <param name="Compressor">What compressed clusters are compressed with: <c>zlib</c> or <c>zstd</c>.</param>
/// <param name="HasBackingFile">Whether a part of the disk is in another file.</param>
/// <param name="IsEncrypted">Whether it cannot be read without a key.</param>
public sealed record Qcow2Header(int Version, long DiskBytes, int ClusterBytes, string Compressor, bool HasBackingFile, bool IsEncrypted)
{
    /// <summary>How many bytes from the start <see cref="Read"/> can make use of.</summary>
    public const int BytesNeeded = 112;

    /// <summary>Whether these are the first bytes of one.</summary>
    public static bool IsHere(ReadOnlySpan<byte> first) => first.StartsWith(Qcow2Layout.MagicValue);

    /// <summary>Reads the first bytes.</summary>
    /// <exception cref="InvalidDataException">They are none of qcow2, or cannot be.</exception>
    public static Qcow2Header Read(ReadOnlySpan<byte> first)
    {
        if (!IsHere(first) || first.Length < BytesNeeded)
        {
            throw new InvalidDataException("qcow2: there is no header at byte 0");
        }
        uint version = BinaryPrimitives.ReadUInt32BigEndian(first[Qcow2Layout.Version..]);
        if (version is not (2 or 3))
        {
            throw new InvalidDataException($"qcow2: version {version} at byte {Qcow2Layout.Version} is not known");
        }
        uint bits = BinaryPrimitives.ReadUInt32BigEndian(first[Qcow2Layout.ClusterBits..]);
        ulong size = BinaryPrimitives.ReadUInt64BigEndian(first[Qcow2Layout.Size..]);
        if (bits is < 9 or > 21 || size > long.MaxValue)
        {
            throw new InvalidDataException($"qcow2: {size} bytes in clusters of 2 to the power of {bits} cannot be");
        }
        ulong features = version == 3 ? BinaryPrimitives.ReadUInt64BigEndian(first[Qcow2Layout.IncompatibleFeatures..]) : 0;
        bool zstd = (features & Qcow2Layout.CompressionTypeIsSet) != 0 && first[Qcow2Layout.CompressionType] == 1;
        bool backed = BinaryPrimitives.ReadUInt64BigEndian(first[Qcow2Layout.BackingFileOffset..]) != 0;
        return new Qcow2Header(
            (int)version,
            (long)size,
            1 << (int)bits,
            zstd ? "zstd" : "zlib",
            backed || (features & Qcow2Layout.ExternalData) != 0,
            BinaryPrimitives.ReadUInt32BigEndian(first[Qcow2Layout.Encryption..]) != 0
        );
    }
}
