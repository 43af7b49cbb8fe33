using Rootcast.Cli.Data;
using Rootcast.Cli.Host;
using Rootcast.Contract;
using Rootcast.Images.Progress;
using Rootcast.Images.Store;
using Rootcast.Lab.Boots;

namespace Rootcast.Cli.Boots;

/// <summary>Boots each form of an image by one carrier, one after another: side by side they would measure each other. A form that the carrier cannot bring
/// comes by the first one that can.</summary>
internal sealed class TryRun(ImageStore store, Carrier carrier, long memoryBytes, long writeTestBytes)
{
    private const int Cpus = 2;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(180);

    /// <summary>The rows, and an error for each form that did not become ready.</summary>
    public async Task<(TryData Data, IReadOnlyList<UserError> Failures)> RunAsync(
        StoredImage image,
        IProgressDisplay progress,
        CancellationToken cancellation
    )
    {
        LabHost host = await LabHost.FindAsync(store, image.Manifest, progress, cancellation);
        Booting booting = new(store, host);
        List<BootData> rows = [];
        List<UserError> failures = [];
        foreach (ImageArtefact artefact in image.Manifest.Artefacts)
        {
            Carrier fitting = FormCarriers.Fit(artefact.Form, carrier)
                ? carrier
                : Enum.GetValues<Carrier>().First(other => FormCarriers.Fit(artefact.Form, other));
            BootOrder order = new()
            {
                Image = image,
                Plan = new BootPlan
                {
                    Form = artefact.Form,
                    Carrier = fitting,
                    WriteTestBytes = writeTestBytes,
                },
                MemoryBytes = memoryBytes,
                Cpus = Cpus,
                Until = Marks.Ready,
                Deadline = Deadline,
            };
            BootReport report = await booting.RunAsync(order, $"booting {Names.Of(artefact.Form)}", progress, cancellation);
            rows.Add(BootData.Of(artefact.Form, fitting, report));
            if (BootFailure.Of(report, Marks.Ready) is { } failure)
            {
                failures.Add(failure);
            }
        }
        return (new TryData(Host(host), rows), failures);
    }

    private HostData Host(LabHost host) =>
        new(
            HostSystem.Read().PrettyName,
            Environment.OSVersion.Version.ToString(),
            Environment.ProcessorCount,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            host.Qemu.Version.ToString(),
            host.Choice.Accelerator.ToString().ToUpperInvariant(),
            host.Choice.Reason,
            memoryBytes,
            Cpus,
            BuildFacts.Current.Line
        );
}
