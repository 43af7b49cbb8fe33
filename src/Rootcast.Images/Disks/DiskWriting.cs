using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Images.Boot;
using Rootcast.Images.Loaders;
using Rootcast.Images.Progress;
using Rootcast.Images.Store;
using Rootcast.Images.Tools;
using Rootcast.Linux.Block;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Disks;

/// <summary>
/// Writes an image to a disk, or into a file as a disk image, so that BIOS and UEFI boot it. The partition table comes last: who interrupts this, or
/// pulls the stick, has a disk with nothing on it and not one that boots halfway.
/// </summary>
/// <param name="store">The image's store.</param>
/// <param name="progress">Where it shows how far it is.</param>
public sealed partial class DiskWriting(ImageStore store, IProgressDisplay progress)
{
    private const long LoaderBytes = 4 << 20;

    /// <summary>What is called for every form.</summary>
    public static IReadOnlyList<string> Tools { get; } =
    [.. DiskContents.Tools, .. GrubPrograms.Tools, .. FatImage.Tools, .. FileSystemGrowth.ToolsFor("ext4")];

    /// <summary>Files that must be there.</summary>
    public static IReadOnlyList<string> Files => GrubPrograms.Files;

    /// <summary>What would be erased.</summary>
    public static Task<IReadOnlyList<FoundOnDisk>> FindAsync(DiskTarget target, CancellationToken cancellation)
    {
        Tool.Require(DiskContents.Tools);
        return DiskContents.ReadAsync(target.Path, target.Bytes, cancellation);
    }

    /// <summary>Divides the disk of an order, without writing anything.</summary>
    /// <exception cref="UserError">The image lacks the form or the kernel, or the disk is too small.</exception>
    public static DiskLayout LayoutOf(DiskOrder order)
    {
        Form form = order.Boot.Plan.Form;
        ImageArtefact artefact = order.Image.ArtefactOf(form);
        long bootBytes = BootFiles.KernelOf(order.Image, order.Boot.KernelVersion).Blob.Bytes + order.Image.Initramfs.Bytes + LoaderBytes;
        long rootBytes = FormCarriers.IsInPlace(form) ? artefact.DiskBytes : artefact.Blob.Bytes;
        DiskTarget target = order.Target;
        long bytes = target.IsDevice
            ? target.Bytes
            : order.FileBytes ?? (target.Bytes > 0 ? target.Bytes : DiskLayout.LeastBytes(target.SectorBytes, bootBytes, rootBytes));
        return DiskLayout.Of(target.Path, bytes, target.SectorBytes, bootBytes, rootBytes, form);
    }

    /// <summary>Writes.</summary>
    /// <param name="order">What and where.</param>
    /// <param name="layout">Of <see cref="LayoutOf"/>.</param>
    /// <param name="cancellation">Stops: a disk is left without partition table, a file as it was.</param>
    /// <exception cref="UserError">A program is missing or failed, the disk is in use, or it does not keep what is written.</exception>
    public async Task<WrittenDisk> WriteAsync(DiskOrder order, DiskLayout layout, CancellationToken cancellation)
    {
        Tool.Require(Tools);
        Tool.RequireFiles(Files);
        using StoreLease lease = store.Lease();
        await using TemporaryDirectory work = TemporaryDirectory.Create();
        WrittenDisk? written = null;
        if (order.Target.IsDevice)
        {
            written = await WriteToAsync(order, layout, order.Target.Path, work, cancellation);
        }
        else
        {
            await OutputFile.WriteAsync(
                order.Target.Path,
                async path =>
                {
                    using (SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write))
                    {
                        RandomAccess.SetLength(file, layout.DiskBytes);
                    }
                    written = await WriteToAsync(order, layout, path, work, cancellation);
                }
            );
        }
        return written! with { Path = order.Target.Path };
    }

    private async Task<WrittenDisk> WriteToAsync(
        DiskOrder order,
        DiskLayout layout,
        string path,
        TemporaryDirectory work,
        CancellationToken cancellation
    )
    {
        string esp = await MakeEspAsync(order, layout, work, cancellation);
        bool isDisk = order.Boot.Plan.Form == Form.Disk;
        string type = Names.Of(order.Boot.Plan.Form);
        // Who is not root cannot attach a loop device; ext4 can grow before it is written.
        bool growsBefore = isDisk && !Environment.IsPrivilegedProcess;
        string? grown = growsBefore ? await GrowBeforeAsync(order, layout, work, cancellation) : null;
        using (SafeFileHandle disk = OpenDisk(order.Target, path))
        {
            Erase(disk, path, layout, order.Target.IsDevice);
            PlacedContent[] contents =
            [
                WriteEsp(disk, path, layout, esp, order.Target, cancellation),
                WriteRoot(disk, path, layout, order, grown, cancellation),
            ];
            Verify(disk, path, contents, cancellation);
        }
        if (isDisk)
        {
            using IProgressStage stage = progress.Begin("growing the root");
            type = grown is null
                ? await FileSystemGrowth.GrowAsync(path, layout.Root.Offset, layout.Root.Length, work, cancellation)
                : "ext4";
            stage.Done($"{type}, {layout.Root.Length / 1_000_000} MB");
        }
        return await FinishAsync(order, layout, path, type, work, cancellation);
    }

    private async Task<WrittenDisk> FinishAsync(
        DiskOrder order,
        DiskLayout layout,
        string path,
        string type,
        TemporaryDirectory work,
        CancellationToken cancellation
    )
    {
        using IProgressStage stage = progress.Begin("partition table");
        byte[] script = Encoding.UTF8.GetBytes(layout.SfdiskScript());
        string[] alone = ["--wipe", "never", "--wipe-partitions", "never", "--no-reread", "--no-tell-kernel"];
        await new Tool("sfdisk", ["--quiet", .. alone, path])
        {
            Input = async (pipe, token) => await pipe.WriteAsync(script, token),
        }.RunAsync(cancellation);
        bool startsByBios = layout.SectorBytes == DiskLayout.BiosSectorBytes;
        using SafeFileHandle disk = OpenDisk(order.Target, path);
        if (startsByBios)
        {
            await WriteBiosAsync(disk, path, layout, work, cancellation);
        }
        FileData.Sync(disk, path);
        bool isSeen = order.Target.IsDevice && BlockDevice.TryRereadPartitions(disk, path);
        stage.Done($"{layout.Partitions.Count} partitions");
        return new WrittenDisk(path, layout.DiskBytes, layout, type, startsByBios, isSeen);
    }

    private static async Task WriteBiosAsync(
        SafeFileHandle disk,
        string path,
        DiskLayout layout,
        TemporaryDirectory work,
        CancellationToken cancellation
    )
    {
        string file = work.Join("core.img");
        await GrubPrograms.MakeBiosDiskAsync(file, $"gpt{layout.Esp.Number}", cancellation);
        byte[] boot = await File.ReadAllBytesAsync(GrubPrograms.BiosFile("boot.img"), cancellation);
        byte[] core = await File.ReadAllBytesAsync(file, cancellation);
        BiosBoot.Settle(boot, core, layout.Bios.Offset / DiskLayout.BiosSectorBytes);
        if (core.Length > layout.Bios.Length)
        {
            throw new InvalidDataException($"GRUB's core image has {core.Length} bytes, its partition {layout.Bios.Length}");
        }
        FileData.WriteAt(disk, core, layout.Bios.Offset, path);
        FileData.WriteAt(disk, boot.AsSpan(0, BiosBoot.CodeBytes), 0, path);
    }

    private static SafeFileHandle OpenDisk(DiskTarget target, string path) =>
        target.IsDevice ? target.OpenForWriting() : FileNodes.Open(path, OpenFlags.ReadWrite);

    /// <summary>Both copies of the old partition table, and what old boot loaders left between it and the first partition.</summary>
    private static void Erase(SafeFileHandle disk, string path, DiskLayout layout, bool isDevice)
    {
        if (!isDevice)
        {
            return;
        }
        byte[] zeros = new byte[DiskLayout.Unit];
        FileData.WriteAt(disk, zeros, 0, path);
        FileData.WriteAt(disk, zeros, layout.Bios.Offset, path);
        FileData.WriteAt(disk, zeros, layout.DiskBytes - DiskLayout.Unit, path);
        FileData.Sync(disk, path);
    }
}
