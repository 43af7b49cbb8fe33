using System.CommandLine;
using Rootcast.Cli.Initramfs;
using Rootcast.Cli.Terminal;
using Rootcast.Contract;
using Rootcast.Images.Cpio;
using Rootcast.Images.Recipes;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast initramfs build</c>.</summary>
internal static class InitramfsBuildCommand
{
    public static Command Create(Session session)
    {
        Option<string> root = new("--root")
        {
            Description = "Root of the system whose modules, firmware and programs are packed",
            HelpName = "DIR",
            DefaultValueFactory = _ => "/",
        };
        Option<string[]> kernels = new("--kernel")
        {
            Description =
                "Version of a kernel in its /lib/modules; several times for several (default: the one that runs, or the only one there)",
            HelpName = "V",
        };
        Option<string> output = new("--output", "-o")
        {
            Description = "The initramfs; one that is there is replaced when the new one is complete and on disk",
            HelpName = "FILE",
            Required = true,
        };
        Option<bool> host = new("--host")
        {
            Description = "Only what this machine needs: its devices, what its root lies on, and common ones",
        };
        Option<bool> generic = new("--generic")
        {
            Description = "What any machine may need: disks of all buses, Ethernet, firmware (default)",
        };
        Option<ReflinkMode> reflink = CpioCreateCommand.Reflink();
        Option<int?> align = CpioCreateCommand.Alignment();
        Option<string> compress = new("--compress")
        {
            Description = $"How: {string.Join(", ", RecipeInitramfs.Compressors)}",
            HelpName = "HOW",
            DefaultValueFactory = _ => "none",
        };
        Option<string?> manifest = new("--manifest") { Description = "Build what this says, and nothing else", HelpName = "FILE" };
        Option<string?> write = new("--write-manifest")
        {
            Description = "Write what is in it and why, to edit and build from",
            HelpName = "FILE",
        };
        Option<string[]> modules = new("--module") { Description = "Further kernel module, loaded first", HelpName = "NAME" };
        Option<string[]> programs = new("--program") { Description = "Further program of the root, with its libraries", HelpName = "PATH" };
        Option<bool> busybox = new("--busybox") { Description = "With busybox, for rootcast.rescue and rootcast.onfail=shell" };
        Option<bool> udev = new("--udev") { Description = "With the root's udev and its rules" };
        Option<string?> arguments = new("--append")
        {
            Description = "Kernel arguments that it brings; the boot loader's win",
            HelpName = "ARGUMENTS",
        };
        Option<bool> keys = new("--luks-keys")
        {
            Description =
                "With --host: pack the key files by which /etc/crypttab opens the root, and let only the owner read the output. Who gets at the file has the keys: for a /boot that is encrypted itself",
        };
        DocumentedCommand command = new(
            "build",
            "Make an initramfs of the modules, firmware and programs of an installed system, for its own disk or for the network. Nothing is staged. "
                + "Without compression, on XFS and Btrfs, it shares its data with the files that it is made of.",
            "rootcast initramfs build --host --output /boot/initrd.img",
            "rootcast initramfs build --root /srv/debian --kernel 6.1.0-44-amd64 --compress zstd --output netboot.img",
            "rootcast initramfs build --host --write-manifest box.manifest --output box.img"
        )
        {
            root,
            kernels,
            output,
            host,
            generic,
            reflink,
            align,
            compress,
            manifest,
            write,
            modules,
            programs,
            busybox,
            udev,
            arguments,
            keys,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                if (parsed.GetValue(host) && (parsed.GetValue(generic) || parsed.GetValue(manifest) is not null))
                {
                    throw new UserError("--host goes with neither --generic nor --manifest.", "Leave one out.", UserErrorKind.Input);
                }
                if (parsed.GetValue(keys) && !parsed.GetValue(host))
                {
                    throw new UserError("--luks-keys goes with --host only.", "Leave it out, or add --host.", UserErrorKind.Input);
                }
                InitramfsBuild build = new()
                {
                    Root = parsed.GetRequiredValue(root),
                    Kernels = parsed.GetValue(kernels) ?? [],
                    Output = parsed.GetRequiredValue(output),
                    Host = parsed.GetValue(host),
                    Compression = RecipeInitramfs.CompressionOf(parsed.GetRequiredValue(compress)),
                    Writing = new CpioWriting { Reflink = parsed.GetValue(reflink), Alignment = parsed.GetValue(align) },
                    ManifestPath = parsed.GetValue(manifest),
                    WriteManifestPath = parsed.GetValue(write),
                    Modules = parsed.GetValue(modules) ?? [],
                    Programs = parsed.GetValue(programs) ?? [],
                    Busybox = parsed.GetValue(busybox),
                    Udev = parsed.GetValue(udev),
                    Arguments = parsed.GetValue(arguments) ?? "",
                    LuksKeys = parsed.GetValue(keys),
                    Epoch = (uint)
                        Math.Clamp(
                            CpioCreateCommand.LatestOf(Environment.GetEnvironmentVariable(CpioCreateCommand.LatestTime)) ?? 0,
                            0,
                            uint.MaxValue
                        ),
                };
                CpioResult? result = await build.RunAsync(EmbeddedInit.Load(), session.Warn, cancellation);
                if (result is not null)
                {
                    CpioCreateCommand.Tell(result, session.People.Profile.Out.Writer);
                }
                else
                {
                    session.People.Profile.Out.Writer.WriteLine(
                        $"{build.Count} entries, {Amounts.Bytes(new FileInfo(build.Output).Length)} compressed"
                    );
                }
                return ExitCodes.Done;
            }
        );
        return command;
    }
}
