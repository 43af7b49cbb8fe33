namespace Rootcast.Images.Disks;

/// <summary>Something that a disk holds already.</summary>
/// <param name="Place">The disk, or the partition.</param>
/// <param name="Bytes">How long it is.</param>
/// <param name="What">A file system, a partition table, swap, a member of an array: as blkid(8) calls it; null for nothing that is known.</param>
/// <param name="Label">Its label, or the partition's name; null without.</param>
public sealed record FoundOnDisk(string Place, long Bytes, string? What, string? Label);
