using System.Globalization;
using System.Text;
using Rootcast.Contract;

namespace Rootcast.Images.Disks;

/// <summary>
/// How a disk is divided: a partition for GRUB's BIOS part, an EFI system partition with kernel and initrd, and the root. All begin at whole MiB.
/// </summary>
/// <param name="DiskUuid">Of the table.</param>
/// <param name="SectorBytes">Of a logical sector.</param>
/// <param name="Bios">What boot.img loads.</param>
/// <param name="Esp">The EFI system partition.</param>
/// <param name="Root">The root.</param>
public sealed record DiskLayout(Guid DiskUuid, int SectorBytes, DiskPartition Bios, DiskPartition Esp, DiskPartition Root)
{
    /// <summary>Everything begins and ends at a multiple of this.</summary>
    public const long Unit = 1 << 20;

    /// <summary>Bytes of a sector for which BIOS and GRUB's BIOS part are made.</summary>
    public const int BiosSectorBytes = 512;

    // UEFI specification 2.10, table 5.7; GRUB's manual, "BIOS installation"; the Discoverable Partitions Specification.
    private static readonly Guid BiosType = new("21686148-6449-6e6f-744e-656564454649");
    private static readonly Guid EspType = new("c12a7328-f81f-11d2-ba4b-00a0c93ec93b");
    private static readonly Guid RootType = new("4f68bce3-e8cd-4db1-96e7-fbcaf984b709");
    private static readonly Guid DataType = new("0fc63daf-8483-4772-8e79-3d69d8477de4");

    // FAT32 has at least 65,525 clusters of a sector each.
    private static long LeastEsp(int sectorBytes) => sectorBytes == BiosSectorBytes ? 64 * Unit : 300 * Unit;

    /// <summary>Size of the disk in bytes.</summary>
    public required long DiskBytes { get; init; }

    /// <summary>The partitions in their order.</summary>
    public IReadOnlyList<DiskPartition> Partitions => [Bios, Esp, Root];

    /// <summary>How many bytes a disk must have.</summary>
    /// <param name="sectorBytes">Of a logical sector.</param>
    /// <param name="bootBytes">Files of the EFI system partition.</param>
    /// <param name="rootBytes">The root.</param>
    public static long LeastBytes(int sectorBytes, long bootBytes, long rootBytes) =>
        (2 * Unit) + EspBytes(sectorBytes, bootBytes) + RoundUp(rootBytes) + Unit;

    /// <summary>Divides a disk.</summary>
    /// <param name="name">The disk, for errors.</param>
    /// <param name="diskBytes">Its size.</param>
    /// <param name="sectorBytes">Of a logical sector.</param>
    /// <param name="bootBytes">Files of the EFI system partition; it gets twice their room, so that they can be replaced.</param>
    /// <param name="rootBytes">The root.</param>
    /// <param name="form">A root of form <c>disk</c> gets all the rest.</param>
    /// <exception cref="UserError">The disk is too small.</exception>
    public static DiskLayout Of(string name, long diskBytes, int sectorBytes, long bootBytes, long rootBytes, Form form)
    {
        long least = LeastBytes(sectorBytes, bootBytes, rootBytes);
        if (diskBytes < least)
        {
            throw new UserError(
                $"{name} is too small: it has {Megabytes(diskBytes)}, the image needs {Megabytes(least)} ({Megabytes(rootBytes)} of them for the root)",
                "Take a larger one, or a form whose artefact is smaller (squashfs), or a smaller size for form disk in the recipe.",
                UserErrorKind.Input
            );
        }
        DiskPartition bios = new(1, "BIOS boot", BiosType, Guid.NewGuid(), Unit, Unit);
        DiskPartition esp = new(2, "EFI system", EspType, Guid.NewGuid(), bios.End, EspBytes(sectorBytes, bootBytes));
        // The last MiB is for the second copy of the table.
        long end = (diskBytes / Unit * Unit) - Unit;
        bool isWhole = FormCarriers.IsInPlace(form);
        long root = isWhole ? end - esp.End : RoundUp(rootBytes);
        return new DiskLayout(
            Guid.NewGuid(),
            sectorBytes,
            bios,
            esp,
            new DiskPartition(3, "root", isWhole ? RootType : DataType, Guid.NewGuid(), esp.End, root)
        )
        {
            DiskBytes = diskBytes,
        };
    }

    /// <summary>The table as sfdisk(8) reads it.</summary>
    public string SfdiskScript()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"label: gpt\nlabel-id: {DiskUuid}\nunit: sectors\n");
        foreach (DiskPartition partition in Partitions)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{partition.Number} : start={partition.Offset / SectorBytes}, size={partition.Length / SectorBytes}, type={partition.Type}, "
            );
            text.Append(CultureInfo.InvariantCulture, $"uuid={partition.Uuid}, name=\"{partition.Name}\"\n");
        }
        return text.ToString();
    }

    private static long EspBytes(int sectorBytes, long bootBytes) => Math.Max(RoundUp(bootBytes * 2), LeastEsp(sectorBytes));

    private static long RoundUp(long bytes) => (bytes + Unit - 1) / Unit * Unit;

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB");
}
