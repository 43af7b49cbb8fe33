using Rootcast.Contract;
using Rootcast.Images.Disks;
using Rootcast.Images.Store;
using Rootcast.Images.Tools;
using Rootcast.Lab.Machines;

namespace Rootcast.Lab.Boots;

/// <summary>A disk for carrier <c>disk</c> and where the boot plan says that the artefact is on it.</summary>
/// <param name="Disk">The disk.</param>
/// <param name="Device">As <see cref="BootPlan.Device"/>; null where it is to be searched for.</param>
/// <param name="Path">As <see cref="BootPlan.Path"/>.</param>
public sealed record ArtefactDisk(MachineDisk Disk, string? Device, string? Path)
{
    /// <summary>Label of the file system of <see cref="DiskContent.File"/>.</summary>
    public const string Label = "ROOTCAST";

    /// <summary>The other disks of a pool.</summary>
    public IReadOnlyList<MachineDisk> Others { get; init; } = [];

    /// <summary>A disk with an artefact; only file systems, form <c>disk</c> and pools write into the directory.</summary>
    public static async Task<ArtefactDisk> MakeAsync(
        string artefact,
        Form form,
        ArtefactIdentity identity,
        int disks,
        DiskBus bus,
        DiskContent content,
        string directory,
        CancellationToken cancellation
    )
    {
        if (FormCarriers.IsInPlace(form))
        {
            // Mounted for writing, so the store's own is no disk for it.
            List<MachineDisk> written = [];
            long each = identity.UnpackedBytes / disks;
            for (int number = 0; number < disks; number++)
            {
                string path = System.IO.Path.Combine(directory, $"disk{number}.img");
                DiskImage.Expand(artefact, path, number * each, each, cancellation);
                written.Add(new MachineDisk(path, bus, IsWritable: true));
            }
            return new ArtefactDisk(written[0], FirstDiskOn(bus), null) { Others = written[1..] };
        }
        if (content == DiskContent.Raw)
        {
            return new ArtefactDisk(new MachineDisk(artefact, bus), FirstDiskOn(bus), null);
        }
        string files = Directory.CreateDirectory(System.IO.Path.Combine(directory, "disk")).FullName;
        bool isMedium = content == DiskContent.Medium;
        string name = isMedium ? MediaPaths.Of(identity)[1..] : ArtefactFiles.NameOf(form);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.Combine(files, name))!);
        // mke2fs -d copies a symbolic link as such; a hard link can't cross file systems, so a copy (a reflink where that works) it is.
        File.Copy(artefact, System.IO.Path.Combine(files, name));
        string image = System.IO.Path.Combine(directory, "disk.img");
        if (isMedium)
        {
            await new Tool("xorriso", "-as", "mkisofs", "-quiet", "-r", "-V", Label, "-o", image, files).RunAsync(cancellation);
            Directory.Delete(files, recursive: true);
            return new ArtefactDisk(new MachineDisk(image, bus), null, null);
        }
        // Blocks for the file's extents and the file system's own tables; it is sparse, and nothing is written to it in the guest.
        long bytes = new FileInfo(artefact).Length;
        string kilobytes = $"{(bytes + (bytes / 20) + (16 << 20)) >> 10}k";
        await new Tool("mke2fs", "-q", "-t", "ext4", "-O", "^has_journal", "-L", Label, "-d", files, image, kilobytes).RunAsync(
            cancellation
        );
        Directory.Delete(files, recursive: true);
        return new ArtefactDisk(new MachineDisk(image, bus), $"LABEL={Label}", "/" + name);
    }

    private static string FirstDiskOn(DiskBus bus) =>
        bus switch
        {
            DiskBus.Virtio => "/dev/vda",
            DiskBus.Cd => "/dev/sr0",
            DiskBus.Nvme => "/dev/nvme0n1",
            _ => "/dev/sda",
        };
}
