using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Images.Boot;
using Rootcast.Images.Loaders;
using Rootcast.Images.Progress;
using Rootcast.Images.Store;
using Rootcast.Images.Tools;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Disks;

public sealed partial class DiskWriting
{
    /// <summary>The EFI system partition as a file: GRUB for UEFI, and the kernel and initrd of both firmwares.</summary>
    private async Task<string> MakeEspAsync(DiskOrder order, DiskLayout layout, TemporaryDirectory work, CancellationToken cancellation)
    {
        using IProgressStage stage = progress.Begin("EFI system partition");
        BootRequest boot = order.Boot with
        {
            Plan = order.Boot.Plan with { Carrier = Carrier.Disk, Device = $"PARTUUID={layout.Root.Uuid}" },
        };
        BootFiles files = BootFiles.Prepare(store, order.Image, boot, work.Path, cancellation);
        string version = BootFiles.KernelOf(order.Image, boot.KernelVersion).Version;
        string title = $"{order.Image.Name}, {Names.Of(boot.Plan.Form)}, Linux {version}";
        const string initrd = "/boot/initrd.img";
        string kernel = $"/boot/vmlinuz-{version}";
        string config = work.Join("grub.cfg");
        await File.WriteAllTextAsync(config, GrubConfig.Text([new BootEntry(title, kernel, initrd, files.CommandLine)]), cancellation);
        string grub = work.Join("bootx64.efi");
        await GrubPrograms.MakeEfiAsync(grub, null, cancellation);
        string esp = work.Join("esp.img");
        (string, string)[] contents =
        [
            ("/EFI/BOOT/BOOTX64.EFI", grub),
            (GrubPrograms.ConfigPath, config),
            (kernel, files.KernelPath),
            (initrd, files.InitrdPath),
        ];
        string[] options = ["-F", "32", "-S", $"{layout.SectorBytes}"];
        uint volumeId = BinaryPrimitives.ReadUInt32LittleEndian(layout.Esp.Uuid.ToByteArray());
        await FatImage.MakeAsync(esp, "EFI", volumeId, layout.Esp.Length, contents, order.Epoch, options, cancellation);
        stage.Done($"{layout.Esp.Length / 1_000_000} MB");
        return esp;
    }

    private async Task<string> GrowBeforeAsync(DiskOrder order, DiskLayout layout, TemporaryDirectory work, CancellationToken cancellation)
    {
        using IProgressStage stage = progress.Begin("growing a copy of the root");
        string image = work.Join("root.img");
        DiskImage.Expand(store.PathOf(order.Image.ArtefactOf(Form.Disk).Blob), image, cancellation);
        string type = FileSystemGrowth.TypeOf(image);
        if (type != "ext4")
        {
            throw new UserError($"{type} grows only while it is mounted, which takes root", "Run this as root, or take ext4.");
        }
        await FileSystemGrowth.GrowExt4Async(image, layout.Root.Length, cancellation);
        stage.Done($"{layout.Root.Length / 1_000_000} MB");
        return image;
    }

    private PlacedContent WriteEsp(
        SafeFileHandle disk,
        string path,
        DiskLayout layout,
        string esp,
        DiskTarget target,
        CancellationToken cancellation
    )
    {
        using IProgressStage stage = progress.Begin("writing the EFI system partition");
        PlacedContent content = PlacedContent.Write(
            "the EFI system partition",
            disk,
            path,
            layout.Esp.Offset,
            isEmpty: !target.IsDevice,
            layout.Esp.Length,
            piece => ReadFile(esp, piece, cancellation),
            stage
        );
        stage.Done($"{content.Length / 1_000_000} MB");
        return content;
    }

    private PlacedContent WriteRoot(
        SafeFileHandle disk,
        string path,
        DiskLayout layout,
        DiskOrder order,
        string? grown,
        CancellationToken cancellation
    )
    {
        using IProgressStage stage = progress.Begin("writing the root");
        Form form = order.Boot.Plan.Form;
        ImageArtefact artefact = order.Image.ArtefactOf(form);
        string source = store.PathOf(artefact.Blob);
        long total =
            grown is not null ? new FileInfo(grown).Length
            : FormCarriers.IsInPlace(form) ? artefact.DiskBytes
            : artefact.Blob.Bytes;
        PlacedContent content = PlacedContent.Write(
            "the root",
            disk,
            path,
            layout.Root.Offset,
            isEmpty: !order.Target.IsDevice,
            total,
            piece =>
            {
                if (FormCarriers.IsInPlace(form) && grown is null)
                {
                    DiskImage.Read(source, piece, order.Disk * total, total, cancellation);
                }
                else
                {
                    ReadFile(grown ?? source, piece, cancellation);
                }
            },
            stage
        );
        stage.Done($"{content.Length / 1_000_000} MB");
        return content;
    }

    private void Verify(SafeFileHandle disk, string path, PlacedContent[] contents, CancellationToken cancellation)
    {
        using IProgressStage stage = progress.Begin("reading back");
        stage.Detail("waiting for the disk");
        FileData.Sync(disk, path);
        foreach (PlacedContent content in contents)
        {
            content.Verify(disk, path, stage, cancellation);
        }
        stage.Done("as written");
    }

    private static void ReadFile(string path, Action<ReadOnlySpan<byte>> piece, CancellationToken cancellation)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        byte[] buffer = new byte[1 << 20];
        while (file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) is var got and > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            piece(buffer.AsSpan(0, got));
        }
    }
}
