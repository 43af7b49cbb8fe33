using Rootcast.Formats.Cpio;
using Rootcast.Formats.Erofs;
using Rootcast.Formats.Iso9660;
using Rootcast.Formats.Partitions;
using Rootcast.Formats.Qcow2;
using Rootcast.Formats.Squashfs;
using Rootcast.Linux.Block;

namespace Rootcast.Images.Media;

/// <summary>What the header or superblock of a level says.</summary>
internal static class MediaFacts
{
    /// <summary>Reads it.</summary>
    /// <param name="kind">As <see cref="MediaSignature"/> found it.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="extent">All of it.</param>
    /// <param name="first">Its beginning.</param>
    /// <returns>Of a file system, <see cref="MediaLevel.UnpackedBytes"/> is what it says that it needs.</returns>
    /// <exception cref="InvalidDataException">It cannot be.</exception>
    internal static MediaLevel Of(string kind, string name, MediaExtent extent, byte[] first)
    {
        MediaLevel level = new()
        {
            Kind = kind,
            Name = name,
            Offset = extent.Offset,
            Bytes = extent.Length,
        };
        switch (kind)
        {
            case MediaSignature.Squashfs:
                SquashfsSuperblock squashfs = SquashfsSuperblock.Read(first);
                return level with { Compressor = squashfs.Compressor, BlockBytes = squashfs.BlockBytes, UnpackedBytes = squashfs.Bytes };
            case MediaSignature.Erofs:
                ErofsSuperblock erofs = ErofsSuperblock.Read(first);
                return WithSignature(level, first) with
                {
                    Compressor = Join(erofs.Compressors),
                    BlockBytes = erofs.BlockBytes,
                    UnpackedBytes = erofs.Bytes,
                    Notes = [.. erofs.Features],
                };
            case MediaSignature.Iso:
                IsoVolume volume = VolumeOf(extent);
                return WithSignature(level, first) with
                {
                    Label = volume.Label,
                    BlockBytes = volume.BlockBytes,
                    Notes = [.. BootsOf(extent, volume, first)],
                };
            case MediaSignature.Qcow2:
                Qcow2Header header = Qcow2Header.Read(first);
                return level with
                {
                    Compressor = header.Compressor,
                    BlockBytes = header.ClusterBytes,
                    UnpackedBytes = header.DiskBytes,
                    Notes = [$"version {header.Version}"],
                };
            case "ext4" or "xfs" or "btrfs" or "vfat":
                return WithSignature(level, first);
            default:
                return level;
        }
    }

    /// <summary>The descriptors of an ISO.</summary>
    internal static IsoVolume VolumeOf(MediaExtent extent) => IsoVolume.Read(extent.Read(IsoVolume.Start, IsoVolume.BytesNeeded));

    /// <summary>Names with commas between them, each once; null for none.</summary>
    internal static string? Join(IEnumerable<string> names) =>
        string.Join(", ", names.Where(name => name != "none").Distinct(StringComparer.Ordinal)) is { Length: > 0 } text ? text : null;

    /// <summary>The name of a member's compression.</summary>
    internal static string NameOf(InitrdCompression compression) =>
        compression == InitrdCompression.Lz4Legacy ? "lz4" : compression.ToString().ToLowerInvariant();

    private static MediaLevel WithSignature(MediaLevel level, byte[] first) =>
        FileSystemSignature.Read(first) is { } signature
            ? level with
            {
                Label = signature.Label,
                Uuid = signature.Uuid,
                BlockBytes = signature.BlockBytes > 0 ? signature.BlockBytes : null,
                UnpackedBytes = signature.Bytes > 0 ? signature.Bytes : null,
            }
            : level;

    private static IEnumerable<string> BootsOf(MediaExtent extent, IsoVolume volume, byte[] first)
    {
        if (volume.BootCatalog is { } catalog)
        {
            IReadOnlyList<IsoBootImage> images = ElTorito.Read(extent.Read(catalog, ElTorito.BytesNeeded));
            if (Join(images.Where(image => image.IsBootable).Select(image => image.Platform)) is { } platforms)
            {
                yield return $"boots by El Torito: {platforms}";
            }
        }
        if (MasterBootRecord.Read(first) is { } partitions)
        {
            bool isGpt = first.AsSpan(512).StartsWith("EFI PART"u8);
            yield return $"hybrid: as a disk it has {partitions.Count} partition(s){(isGpt ? " and a GPT" : "")}";
        }
    }
}
