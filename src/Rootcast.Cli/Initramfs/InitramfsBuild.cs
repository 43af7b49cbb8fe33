using Rootcast.Contract;
using Rootcast.Formats.Cpio;
using Rootcast.Images.Cpio;
using Rootcast.Images.Initramfs;
using Rootcast.Images.Sources;
using Rootcast.Images.Tools;
using Rootcast.Linux.Processes;

namespace Rootcast.Cli.Initramfs;

/// <summary>An initramfs of an installed system: from what was asked for to the file.</summary>
internal sealed class InitramfsBuild
{
    /// <summary>Arguments that the boot loader's own come after: a name before the plan's.</summary>
    private const string ArgumentsFile = $"{InitramfsPaths.ArgumentsDirectory}/10-root.conf";

    /// <summary>What a machine may be given between two boots, or be moved to.</summary>
    private static readonly string[] SafetySets = ["virtual", "storage", "usb", "input", "nics"];

    public required string Root { get; init; }

    public required IReadOnlyList<string> Kernels { get; init; }

    public required string Output { get; init; }

    public bool Host { get; init; }

    public InitrdCompression Compression { get; init; }

    public required CpioWriting Writing { get; init; }

    public string? ManifestPath { get; init; }

    public string? WriteManifestPath { get; init; }

    public IReadOnlyList<string> Modules { get; init; } = [];

    public IReadOnlyList<string> Programs { get; init; } = [];

    public bool Busybox { get; init; }

    public bool Udev { get; init; }

    public string Arguments { get; init; } = "";

    /// <summary>Whether key files of the root's LUKS are packed.</summary>
    public bool LuksKeys { get; init; }

    public uint Epoch { get; init; }

    /// <summary>How many entries came out.</summary>
    public int Count { get; private set; }

    /// <summary>Builds it.</summary>
    /// <param name="init">The program that is <c>/init</c>.</param>
    /// <param name="warn">Told what was wished for and is not there.</param>
    /// <param name="cancellation">Stops it; what was there stays.</param>
    /// <returns>What is shared; null when it is compressed.</returns>
    public async Task<CpioResult?> RunAsync(InitProgram init, Action<string> warn, CancellationToken cancellation)
    {
        if (!Directory.Exists(Root))
        {
            throw new UserError($"{Root} is no directory.", "Name the root of an installed system.", UserErrorKind.Input);
        }
        if (Compression is InitrdCompression.Xz or InitrdCompression.Lz4Legacy)
        {
            Tool.Require(Compression == InitrdCompression.Xz ? "xz" : "lz4");
        }
        HostNeeds? needs = ManifestPath is null && Host ? await NeedsAsync(cancellation) : null;
        using InitramfsDraft draft = ManifestPath is null
            ? await InitramfsBuilder.DraftAsync(Request(init, needs), cancellation)
            : FromManifest(ManifestPath, init);
        foreach (string note in draft.Notes.Concat(needs?.Notes ?? []))
        {
            warn(note);
        }
        Count = draft.Count;
        CpioWriting writing = Writing with { IsPrivate = draft.IsPrivate };
        if (WriteManifestPath is not null)
        {
            await File.WriteAllBytesAsync(WriteManifestPath, draft.Manifest.ToBytes(), cancellation);
        }
        return await InitramfsCompressor.WriteAsync(draft, Compression, Output, cancellation, writing: writing);
    }

    private InitramfsDraft FromManifest(string path, InitProgram init)
    {
        byte[] text;
        try
        {
            if (new FileInfo(path).Length > InitramfsManifest.LargestText)
            {
                throw new IOException($"it has more than {InitramfsManifest.LargestText >> 20} MiB");
            }
            text = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError(
                $"The manifest {path} cannot be read: {e.Message}",
                "Name one that --write-manifest wrote.",
                UserErrorKind.Input,
                e
            );
        }
        return InitramfsManifest.Parse(text, path, Epoch).Draft(init, Root, Epoch);
    }

    private async Task<HostNeeds> NeedsAsync(CancellationToken cancellation)
    {
        if (Path.GetFullPath(Root) != "/")
        {
            throw new UserError(
                "--host makes an initramfs of the system that runs here.",
                "Leave --root out, or take --generic.",
                UserErrorKind.Input
            );
        }
        return await HostReading.ReadAsync(withKeys: LuksKeys, cancellation: cancellation);
    }

    private InitramfsRequest Request(InitProgram init, HostNeeds? needs)
    {
        string arguments = string.Join(' ', ((string[])[needs?.RootArguments ?? "", Arguments]).Where(text => text.Length > 0));
        return new InitramfsRequest
        {
            Init = init,
            Root = Root,
            Kernels = [.. InstalledKernels.Choose(Root, Kernels, Machine.KernelVersion)],
            Forms = Host ? [] : [Form.Tmpfs, Form.Squashfs, Form.Disk],
            RootSet = !Host,
            Sets = Host ? SafetySets : [.. ModuleSet.Default, "input", "roots"],
            Modules = Modules,
            Wanted = needs?.Modules ?? [],
            Modaliases = needs?.Modaliases ?? [],
            Firmware = true,
            BusyboxPath = Busybox ? Path.GetFullPath(Root).TrimEnd('/') + BusyboxOf(Root) : null,
            Programs =
            [
                .. needs?.Programs ?? [],
                .. Programs.Select(program => new InitramfsReason(program, "named on the command line", null)),
            ],
            Copies = needs?.Copies ?? [],
            Texts =
            [
                .. needs?.Texts ?? [],
                .. arguments.Length == 0
                    ? []
                    : ((InitramfsReason, string)[])
                        [
                            (
                                new InitramfsReason(
                                    ArgumentsFile,
                                    needs is null ? "named on the command line" : $"the root is {needs.Description}",
                                    null
                                ),
                                arguments + "\n"
                            ),
                        ],
            ],
            Udev = Udev,
            PackManifest = true,
            Epoch = Epoch,
        };
    }

    private static string BusyboxOf(string root) =>
        ((string[])["/usr/bin/busybox", "/bin/busybox"]).FirstOrDefault(path => File.Exists(Path.GetFullPath(root).TrimEnd('/') + path))
        ?? throw new UserError($"{root} has no busybox.", "Install the package busybox-static there.", UserErrorKind.Missing);
}
