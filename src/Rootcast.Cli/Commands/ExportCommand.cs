using System.CommandLine;
using Rootcast.Cli.Terminal;
using Rootcast.Contract;
using Rootcast.Images.Boot;
using Rootcast.Images.Store;
using Spectre.Console;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast export IMAGE</c>.</summary>
internal static class ExportCommand
{
    public static Command Create(Session session)
    {
        Argument<string> image = CommonOptions.Image();
        Option<Form?> form = CommonOptions.Form();
        Option<Carrier?> carrier = CommonOptions.Carrier();
        Option<string> directory = new("--to")
        {
            Description = "Directory for the files; it is made when it is not there",
            HelpName = "DIR",
            Required = true,
        };
        Option<string?> arguments = new("--append")
        {
            Description = "More kernel arguments, such as rootcast.url=http://server/root.squashfs",
            HelpName = "ARGS",
        };
        DocumentedCommand command = new(
            "export",
            "Write the files that a machine needs: vmlinuz, initrd.img, cmdline, and the artefact where it comes apart.",
            "rootcast export try --form squashfs --carrier initrd --to /srv/tftp",
            "rootcast export try --form squashfs --carrier disk --append rootcast.device=LABEL=data --to /tmp/boot"
        )
        {
            image,
            form,
            carrier,
            directory,
            arguments,
        };
        command.SetAction(
            (parsed, cancellation) =>
            {
                CommonOptions.RequireFit(parsed.GetValue(form)!.Value, parsed.GetValue(carrier)!.Value);
                BootPlan plan = new() { Form = parsed.GetValue(form)!.Value, Carrier = parsed.GetValue(carrier)!.Value };
                Run(
                    session,
                    parsed.GetRequiredValue(image),
                    plan,
                    KernelArguments.Parse(parsed.GetValue(arguments) ?? ""),
                    parsed.GetRequiredValue(directory),
                    cancellation
                );
                return Task.FromResult(ExitCodes.Done);
            }
        );
        return command;
    }

    private static void Run(
        Session session,
        string reference,
        BootPlan plan,
        KernelArguments arguments,
        string directory,
        CancellationToken cancellation
    )
    {
        ImageStore store = session.OpenStore();
        using StoreLease lease = store.Lease();
        BootRequest request = new() { Plan = plan, Arguments = arguments };
        BootFiles files = BootFiles.Prepare(store, store.Get(reference).Manifest, request, directory, cancellation);
        Directory.CreateDirectory(directory);
        Copy(files.KernelPath, "vmlinuz");
        Copy(files.InitrdPath, "initrd.img");
        if (plan.Carrier != Carrier.Initrd)
        {
            Copy(files.ArtefactPath, ArtefactFiles.NameOf(plan.Form));
        }
        string commandLine = Path.Combine(directory, "cmdline");
        File.WriteAllText(commandLine, files.CommandLine + "\n");
        session.Output.WriteLine(commandLine);
        session.People.WriteLine($"{Amounts.Bytes(files.Bytes.Delivered)} for a machine to load");

        void Copy(string source, string name)
        {
            cancellation.ThrowIfCancellationRequested();
            string target = Path.Combine(directory, name);
            if (source != target)
            {
                // Written beside and renamed: whoever serves this directory never sees half a file.
                File.Copy(source, target + ".new", overwrite: true);
                File.Move(target + ".new", target, overwrite: true);
            }
            session.Output.WriteLine(target);
        }
    }
}
