using Rootcast.Contract;
using Rootcast.Images.Progress;
using Rootcast.Images.Store;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Machines;

namespace Rootcast.Cli.Boots;

/// <summary>Boots what was ordered: an artefact server for carrier <c>http</c>, a machine, and the words for how it went.</summary>
internal sealed class Booting(ImageStore store, LabHost host)
{
    /// <summary>Boots; the machine and the server are gone when this returns.</summary>
    public async Task<BootReport> RunAsync(BootOrder order, Action<Mark>? onMark, CancellationToken cancellation)
    {
        ImageManifest image = order.Image.Manifest;
        await using ServedArtefact? served = await ServedArtefact.StartAsync(store, image, order.Plan, cancellation);
        ImageBoot boot = new()
        {
            Store = store,
            Image = image,
            Plan = served is null ? order.Plan : order.Plan with { Url = served.Url },
            Arguments = order.Arguments,
            Hardware = new Machine
            {
                MemoryBytes = order.MemoryBytes,
                Cpus = order.Cpus,
                Networks = [MachineNetwork.User],
                Console = order.OnTerminal ? ConsoleMode.Terminal : ConsoleMode.Log,
                Accelerator = host.Choice.Accelerator,
            },
        };
        BootRun run = new(host.Qemu, new BootWatch(order.Until, order.Deadline), onMark);
        string log = Paths.ConsoleLog(image.Name, Names.Of(order.Plan.Form), Names.Of(order.Plan.Carrier));
        return await boot.RunAsync(run, log, cancellation);
    }

    /// <summary>Boots inside a stage of progress that shows the last mark.</summary>
    public async Task<BootReport> RunAsync(BootOrder order, string title, IProgressDisplay progress, CancellationToken cancellation)
    {
        using IProgressStage stage = progress.Begin(title);
        BootReport report = await RunAsync(order, mark => stage.Detail(mark.Name), cancellation);
        if (BootFailure.Of(report, order.Until) is null)
        {
            stage.Done(
                report.Marks.Count > 0
                    ? $"{report.Marks[^1].Name} {Terminal.Amounts.Seconds(report.Marks[^1].Time)} after the kernel's start"
                    : "ended"
            );
        }
        return report;
    }
}
