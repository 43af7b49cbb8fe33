using System.CommandLine;
using Rootcast.Cli.Boots;
using Rootcast.Contract;
using Rootcast.Images.Store;
using Rootcast.Lab.Netboot;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast lab</c>: networks of virtual machines on this host.</summary>
internal static class LabCommand
{
    private static readonly string[] FirmwareNames = ["ipxe", "pxe", "uefi-pxe", "uefi-http"];

    public static Command Create(Session session) =>
        new("lab", "Networks of virtual machines on this host, to watch and to try things out.") { Netboot(session) };

    private static DocumentedCommand Netboot(Session session)
    {
        Argument<string> image = CommonOptions.Image();
        Option<int> nodes = new("--nodes")
        {
            Description = "How many machines boot at the same time",
            HelpName = "N",
            DefaultValueFactory = _ => 2,
        };
        nodes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > NetbootNetwork.MostMachines)
            {
                result.AddError($"--nodes: from 1 to {NetbootNetwork.MostMachines}");
            }
        });
        Option<NetbootFirmware> firmware = new("--firmware")
        {
            Description = $"What the machines start with: {string.Join(", ", FirmwareNames)} (default: ipxe)",
            HelpName = "FIRMWARE",
            CustomParser = result =>
            {
                int index = Array.IndexOf(FirmwareNames, result.Tokens[^1].Value);
                if (index < 0)
                {
                    result.AddError($"'{result.Tokens[^1].Value}' is none of {string.Join(", ", FirmwareNames)}");
                }
                return (NetbootFirmware)Math.Max(index, 0);
            },
        };
        Option<Form?> form = CommonOptions.Form(required: false);
        Option<long> memory = CommonOptions.Memory();
        Option<int?> downloads = new("--downloads") { Description = "As for rootcast serve", HelpName = "N" };
        Option<int?> link = new("--link")
        {
            Description = "Megabits a second that the server's link carries (default: what the host can)",
            HelpName = "MBIT",
        };
        link.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > 100_000)
            {
                result.AddError("--link: from 1 to 100000");
            }
        });
        Option<int> deadline = new("--deadline")
        {
            Description = "Seconds that a machine may take to get ready",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => 600,
        };
        DocumentedCommand command = new(
            "netboot",
            "Boot machines over a network of their own: namespaces, a DHCP server (dnsmasq) that knows nothing of booting, rootcast serve, and QEMU. "
                + "Each stage is shown as it happens; nothing is left of it. Takes root.",
            "rootcast lab netboot try",
            "rootcast lab netboot try --nodes 8 --memory 1G --downloads 2 --link 100",
            "rootcast lab netboot try --nodes 1 --firmware uefi-http"
        )
        {
            image,
            nodes,
            firmware,
            form,
            memory,
            downloads,
            link,
            deadline,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                ImageStore store = session.OpenStore();
                NetbootOrder order = new()
                {
                    Image = store.Get(parsed.GetRequiredValue(image)).Manifest,
                    Nodes = parsed.GetValue(nodes),
                    Firmware = parsed.GetValue(firmware),
                    Form = parsed.GetValue(form),
                    MemoryBytes = parsed.GetValue(memory),
                    Downloads = parsed.GetValue(downloads),
                    Link = parsed.GetValue(link),
                    Deadline = TimeSpan.FromSeconds(parsed.GetValue(deadline)),
                };
                NetbootRun run = new(store, order, session.People.Profile.Out.Writer);
                return await run.RunAsync(session.PlainProgress, cancellation) ? ExitCodes.Done : ExitCodes.Failed;
            }
        );
        return command;
    }
}
