namespace Rootcast.Formats.Snapshots;

/// <summary>Field positions of the head of a persistent exception store (drivers/md/dm-snap-persistent.c): chunk 0 is the header, chunk 1 the first
/// table of exceptions, which ends at the first entry of zeros. The kernel reads 16 bytes of the header, so the rest of it is free for
/// ours.</summary>
internal static class SnapshotStoreLayout
{
    internal const int Magic = 0;
    internal const int Valid = Magic + 4;
    internal const int Version = Valid + 4;
    internal const int ChunkSectors = Version + 4;

    internal const uint MagicValue = 0x70416E53;
    internal const uint VersionValue = 1;

    /// <summary>Ours: which image the store belongs to.</summary>
    internal const int BaseMagic = 512;
    internal const int BaseDigest = BaseMagic + 16;
    internal const int BaseDigestBytes = 71;

    internal static ReadOnlySpan<byte> BaseMagicValue => "rootcast-base-1\n"u8;
}
