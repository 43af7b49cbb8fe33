using Rootcast.Images.Disks;

namespace Rootcast.Cli.Data;

/// <summary>A disk that <c>write</c> has written.</summary>
/// <param name="Path">Device or file.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="FileSystem">What the root partition holds.</param>
/// <param name="Firmware">What can start it: <c>uefi</c>, <c>bios</c>.</param>
/// <param name="Partitions">Its partitions.</param>
/// <param name="Erased">What was there before.</param>
internal sealed record WrittenDiskData(
    string Path,
    long Bytes,
    string FileSystem,
    IReadOnlyList<string> Firmware,
    IReadOnlyList<PartitionData> Partitions,
    IReadOnlyList<FoundOnDisk> Erased
)
{
    public static WrittenDiskData Of(WrittenDisk disk, IReadOnlyList<FoundOnDisk> erased) =>
        new(
            disk.Path,
            disk.Bytes,
            disk.FileSystem,
            disk.StartsByBios ? ["uefi", "bios"] : ["uefi"],
            [.. disk.Layout.Partitions.Select(part => new PartitionData(part.Number, part.Name, part.Offset, part.Length, part.Uuid))],
            erased
        );
}
