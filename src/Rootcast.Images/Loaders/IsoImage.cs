using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rootcast.Contract;
using Rootcast.Images.Boot;
using Rootcast.Images.Progress;
using Rootcast.Images.Store;
using Rootcast.Images.Tools;

namespace Rootcast.Images.Loaders;

/// <summary>
/// A hybrid ISO: BIOS and UEFI boot it as a CD and as a disk. The artefacts lie on it under <see cref="MediaPaths"/>, where /init finds them by their
/// identity; kernels and initrds in <c>/boot</c>.
/// </summary>
public static class IsoImage
{
    /// <summary>What is called.</summary>
    public static IReadOnlyList<string> Tools { get; } = [.. GrubPrograms.Tools, .. FatImage.Tools, "xorriso"];

    /// <summary>Files that must be there.</summary>
    public static IReadOnlyList<string> Files => GrubPrograms.Files;

    /// <summary>Makes one.</summary>
    /// <param name="store">The image's store.</param>
    /// <param name="request">What goes on it.</param>
    /// <param name="path">The ISO; one that was there is replaced when the new one is whole.</param>
    /// <param name="stage">Where progress is shown.</param>
    /// <param name="cancellation">Stops; nothing is left then.</param>
    /// <exception cref="UserError">A program is missing or failed, the image lacks a form, or there is no room.</exception>
    public static async Task WriteAsync(
        ImageStore store,
        IsoRequest request,
        string path,
        IProgressStage stage,
        CancellationToken cancellation
    )
    {
        Tool.Require(Tools);
        Tool.RequireFiles(Files);
        string label = request.Label ?? IsoLabel.Of(request.Image, request.Boots);
        if (!IsoLabel.IsValid(label))
        {
            throw new UserError(
                $"'{label}' is no label for an ISO",
                $"Use at most {IsoLabel.Longest} capital letters, digits and underscores.",
                UserErrorKind.Input
            );
        }
        using StoreLease lease = store.Lease();
        await using TemporaryDirectory work = TemporaryDirectory.Create();
        stage.Detail("loaders");
        (IReadOnlyList<BootEntry> menu, SortedDictionary<string, string> files) = Collect(store, request, work, cancellation);
        files["/boot/grub/grub.cfg"] = Text("grub.cfg", GrubConfig.Text(menu));
        files["/boot/grub/bios.img"] = work.Join("bios.img");
        await GrubPrograms.MakeBiosIsoAsync(work.Join("bios.img"), cancellation);
        await GrubPrograms.MakeEfiAsync(work.Join("bootx64.efi"), Text("early.cfg", GrubPrograms.EarlyConfig(label)), cancellation);
        string efi = work.Join("efi.img");
        await FatImage.MakeAsync(
            efi,
            "EFI",
            VolumeId(label),
            null,
            [("/EFI/BOOT/BOOTX64.EFI", work.Join("bootx64.efi"))],
            request.Epoch,
            [],
            cancellation
        );
        stage.Detail("writing");
        await OutputFile.WriteAsync(path, output => RunAsync(output, label, efi, files, request.Epoch, stage, cancellation));

        string Text(string name, string text)
        {
            string file = work.Join(name);
            File.WriteAllText(file, text);
            return file;
        }
    }

    /// <summary>The menu, and the files that it names: path on the ISO, file here. Boots that share a file name it once.</summary>
    private static (IReadOnlyList<BootEntry> Menu, SortedDictionary<string, string> Files) Collect(
        ImageStore store,
        IsoRequest request,
        TemporaryDirectory work,
        CancellationToken cancellation
    )
    {
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        List<BootEntry> menu = [];
        foreach (BootRequest boot in request.Boots)
        {
            Form form = boot.Plan.Form;
            if (FormCarriers.IsInPlace(form))
            {
                throw new UserError(
                    $"form {Names.Of(form)} cannot boot from an ISO, which nothing can be written to",
                    "Write it to a disk: rootcast write IMAGE --to DEVICE. Or take another form.",
                    UserErrorKind.Input
                );
            }
            BootFiles prepared = BootFiles.Prepare(store, request.Image, boot, work.Join(Names.Of(form)), cancellation);
            bool carried = boot.Plan.Carrier == Carrier.Initrd;
            string version = boot.KernelVersion ?? request.Image.Kernels[0].Version;
            string kernel = $"/boot/vmlinuz-{version}";
            string initrd = carried ? $"/boot/initrd-{Names.Of(form)}.img" : "/boot/initrd.img";
            files[kernel] = prepared.KernelPath;
            files[initrd] = prepared.InitrdPath;
            if (!carried)
            {
                files[MediaPaths.Of(prepared.Plan.Artefact!)] = prepared.ArtefactPath;
            }
            menu.Add(new BootEntry($"{request.Image.Name}, {Names.Of(form)}", kernel, initrd, prepared.CommandLine));
        }
        return (menu, files);
    }

    private static Task<ToolResult> RunAsync(
        string output,
        string label,
        string efi,
        SortedDictionary<string, string> files,
        long epoch,
        IProgressStage stage,
        CancellationToken cancellation
    )
    {
        // xorriso takes the very first second for no time at all.
        epoch = Math.Max(epoch, 1);
        string time = DateTimeOffset.FromUnixTimeSeconds(epoch).ToString("yyyyMMddHHmmss00", CultureInfo.InvariantCulture);
        return new Tool(
            "xorriso",
            [
                "-as",
                "mkisofs",
                // Rock Ridge, everything root's; an artefact may be larger than ISO 9660's own 4 GiB.
                "-r",
                "-iso-level",
                "3",
                "-V",
                label,
                "-o",
                output,
                "--set_all_file_dates",
                time,
                // BIOS, from a CD.
                "-b",
                "boot/grub/bios.img",
                "-no-emul-boot",
                "-boot-load-size",
                "4",
                "-boot-info-table",
                // BIOS, from a disk.
                "--grub2-boot-info",
                "--grub2-mbr",
                GrubPrograms.BiosFile("boot_hybrid.img"),
                // UEFI, from either.
                "-append_partition",
                "2",
                "0xef",
                efi,
                "-appended_part_as_gpt",
                "-partition_offset",
                "16",
                "-eltorito-alt-boot",
                "-e",
                "--interval:appended_partition_2:all::",
                "-no-emul-boot",
                "-graft-points",
                .. files.Select(file => $"{file.Key}={file.Value}"),
            ]
        )
        {
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["SOURCE_DATE_EPOCH"] = epoch.ToString(CultureInfo.InvariantCulture),
                ["TZ"] = "UTC",
            },
            ErrorLine = line => ShowProgress(line, stage),
        }.RunAsync(cancellation);
    }

    private static uint VolumeId(string label) => BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(label)));

    /// <summary><c>xorriso : UPDATE :  63.20% done, estimate finish …</c>.</summary>
    private static void ShowProgress(string line, IProgressStage stage)
    {
        int percent = line.IndexOf("% done", StringComparison.Ordinal);
        int blank = percent < 0 ? -1 : line.LastIndexOf(' ', percent);
        if (blank >= 0)
        {
            stage.Detail($"writing {line[(blank + 1)..percent]} %");
        }
    }
}
