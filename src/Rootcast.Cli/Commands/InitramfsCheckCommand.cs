using System.CommandLine;
using Rootcast.Images.Initramfs;
using Rootcast.Images.Sources;
using Rootcast.Linux.Files;
using Rootcast.Linux.Processes;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast initramfs check</c>.</summary>
internal static class InitramfsCheckCommand
{
    public static Command Create(Session session)
    {
        Argument<string?> file = new("FILE")
        {
            Description = "An initrd, by whatever program (default: /boot/initrd.img-VERSION)",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> kernel = new("--kernel")
        {
            Description = "The kernel that is to boot (default: the one that runs)",
            HelpName = "V",
        };
        DocumentedCommand command = new(
            "check",
            "Say what this machine uses to reach its root and an initrd lacks. Ends with 1 when there is anything.",
            "rootcast initramfs check",
            "rootcast initramfs check /boot/initrd.img --kernel 6.1.0-44-amd64"
        )
        {
            file,
            kernel,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                string version = parsed.GetValue(kernel) ?? Machine.KernelVersion;
                string path = parsed.GetValue(file) ?? $"/boot/initrd.img-{version}";
                HostNeeds needs = await HostReading.ReadAsync(cancellation: cancellation);
                KernelFiles files = InstalledKernels.Choose("/", [version], version)[0];
                IReadOnlyList<string> lacks = HostCheck.Lacks(
                    needs,
                    InitramfsContents.List(path).Select(listing => "/" + listing.Entry.Path),
                    version,
                    files.ModulesDirectory,
                    name => FileNodes.Exists($"/sys/module/{name}")
                );
                foreach (string lack in lacks)
                {
                    session.Output.WriteLine(lack);
                }
                session.People.Profile.Out.Writer.WriteLine(
                    lacks.Count == 0
                        ? $"{path} has what this machine uses: {needs.Description}"
                        : $"{path} lacks {lacks.Count} of what this machine uses: {needs.Description}"
                );
                return lacks.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
            }
        );
        return command;
    }
}
