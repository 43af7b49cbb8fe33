using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Formats.Pe;
using Rootcast.Images.Boot;
using Rootcast.Images.Progress;
using Rootcast.Images.Store;
using Rootcast.Images.Tools;

namespace Rootcast.Images.Loaders;

/// <summary>A unified kernel image: systemd's stub with kernel, initrd and command line as sections, one file that UEFI starts (the UAPI group's UKI
/// specification).</summary>
public static class UkiImage
{
    /// <summary>systemd's stub.</summary>
    public const string StubPath = "/usr/lib/systemd/boot/efi/linuxx64.efi.stub";

    private const int LargestStub = 16 << 20;

    /// <summary>Makes one.</summary>
    /// <param name="store">The image's store.</param>
    /// <param name="request">What goes into it.</param>
    /// <param name="path">The file; one that was there is replaced when the new one is whole.</param>
    /// <param name="stage">Where progress is shown.</param>
    /// <param name="cancellation">Stops; nothing is left then.</param>
    /// <exception cref="UserError">The stub or sbsign is missing, the image lacks a form, or there is no room.</exception>
    public static async Task WriteAsync(
        ImageStore store,
        UkiRequest request,
        string path,
        IProgressStage stage,
        CancellationToken cancellation
    )
    {
        Tool.RequireFiles(StubPath);
        if (request.KeyPath is not null)
        {
            Tool.Require("sbsign");
        }
        using StoreLease lease = store.Lease();
        await using TemporaryDirectory work = TemporaryDirectory.Create();
        BootFiles files = BootFiles.Prepare(store, request.Image, request.Boot, work.Path, cancellation);
        string version = request.Boot.KernelVersion ?? request.Image.Kernels[0].Version;
        (string Name, string File)[] sections =
        [
            (".osrel", Text("osrel", Release(request.Image, request.Boot.Plan, version))),
            (".uname", Text("uname", version)),
            (".cmdline", Text("cmdline", files.CommandLine.ToString())),
            (".linux", files.KernelPath),
            (".initrd", files.InitrdPath),
        ];
        await OutputFile.WriteAsync(
            path,
            async output =>
            {
                string plain = request.KeyPath is null ? output : work.Join("plain.efi");
                Join(plain, sections, stage, cancellation);
                if (request.KeyPath is { } key)
                {
                    stage.Detail("signing");
                    await new Tool("sbsign", "--key", key, "--cert", request.CertificatePath!, "--output", output, plain).RunAsync(
                        cancellation
                    );
                }
            }
        );

        string Text(string name, string text)
        {
            string file = work.Join(name);
            File.WriteAllText(file, text);
            return file;
        }
    }

    /// <summary>What boot loaders show of such an image, as os-release(5) has it.</summary>
    public static string Release(ImageManifest image, BootPlan plan, string version)
    {
        string title = $"{image.Name} ({Names.Of(plan.Form)}, {plan.Carriers})";
        return $"ID=rootcast\nNAME=\"{image.Name}\"\nPRETTY_NAME=\"{title}\"\nVERSION_ID=\"{version}\"\n";
    }

    /// <summary>This host's stub with room for sections.</summary>
    /// <exception cref="UserError">The stub is missing or cannot take them.</exception>
    public static ExtendedPe Extend(IReadOnlyList<PeSection> sections)
    {
        Tool.RequireFiles(StubPath);
        try
        {
            if (new FileInfo(StubPath).Length > LargestStub)
            {
                throw new InvalidDataException($"it is larger than {LargestStub} bytes");
            }
            return PeWriter.Extend(File.ReadAllBytes(StubPath), sections);
        }
        catch (InvalidDataException e)
        {
            throw new UserError(
                $"no UKI can be made of {StubPath}: {e.Message}",
                "Install the package systemd-boot-efi again; take a smaller artefact, or a carrier that brings it apart.",
                cause: e
            );
        }
    }

    private static void Join(string path, (string Name, string File)[] sections, IProgressStage stage, CancellationToken cancellation)
    {
        ExtendedPe image = Extend([.. sections.Select(section => new PeSection(section.Name, new FileInfo(section.File).Length))]);
        using SafeFileHandle output = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite);
        RandomAccess.Write(output, image.Start, 0);
        byte[] buffer = new byte[1 << 20];
        for (int i = 0; i < sections.Length; i++)
        {
            using SafeFileHandle input = File.OpenHandle(sections[i].File);
            long done = 0;
            while (RandomAccess.Read(input, buffer, done) is var got and > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                RandomAccess.Write(output, buffer.AsSpan(0, got), image.Offsets[i] + done);
                done += got;
                stage.Report(image.Offsets[i] + done, image.Length);
            }
        }
        RandomAccess.SetLength(output, image.Length);
    }
}
