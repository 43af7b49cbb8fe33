namespace Rootcast.Formats.Qcow2;

/// <summary>Field positions of a qcow2 header, big-endian (QEMU, docs/interop/qcow2.txt).</summary>
internal static class Qcow2Layout
{
    public const int Magic = 0;
    public const int Version = Magic + 4;
    public const int BackingFileOffset = Version + 4;
    public const int BackingFileLength = BackingFileOffset + 8;
    public const int ClusterBits = BackingFileLength + 4;
    public const int Size = ClusterBits + 4;
    public const int Encryption = Size + 8;
    public const int LengthOfVersion2 = 72;
    public const int IncompatibleFeatures = 72;
    public const int CompressionType = 104;

    public const ulong ExternalData = 4;
    public const ulong CompressionTypeIsSet = 8;

    public static ReadOnlySpan<byte> MagicValue => [(byte)'Q', (byte)'F', (byte)'I', 0xFB];
}
