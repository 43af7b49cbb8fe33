using System.Diagnostics;
using Rootcast.Contract;
using Rootcast.Images.Boot;
using Rootcast.Images.Store;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Machines;
using Rootcast.Lab.Peers;
using Rootcast.Lab.Running;

namespace Rootcast.Lab.Measuring;

/// <summary>Boots an image for measuring: one machine at a time.</summary>
/// <param name="qemu">What runs the machines.</param>
/// <param name="accelerator">What executes them.</param>
/// <param name="store">Where the image is.</param>
/// <param name="image">The image.</param>
/// <param name="serve">Serves what carrier <c>http</c> fetches.</param>
public sealed class MeasureBoot(
    QemuProgram qemu,
    Accelerator accelerator,
    ImageStore store,
    ImageManifest image,
    Func<BootPlan, CancellationToken, Task<IMeasuredServer>> serve
) : IMeasureBoots
{
    /// <summary>Processors of the machines.</summary>
    public const int Processors = 2;

    /// <summary>The initramfs of others, for cells that are booted by them.</summary>
    public IReadOnlyList<PeerImage> Peers { get; init; } = [];

    /// <summary>For one boot and its work.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public async Task<MeasuredRun> RunAsync(
        MeasureCell cell,
        GuestWork work,
        MeasuredRun run,
        string consoleLog,
        CancellationToken cancellation
    )
    {
        BootPlan plan = PlanOf(cell);
        await using IMeasuredServer? server = plan.Carrier == Carrier.Http ? await serve(plan, cancellation) : null;
        using StoreLease lease = store.Lease();
        using LabDirectory directory = new();
        (Machine machine, BootFileBytes bytes) = await PrepareAsync(
            cell,
            plan,
            cell.MemoryBytes,
            server?.Url,
            directory.Path,
            cancellation
        );
        machine = machine with { Work = work, CountsTouched = true };
        MachineFiles files = directory.MachineFiles(consoleLog);
        using TouchedMemory touched = new(files.ProcessFile!);
        Dictionary<string, long> touchedAt = new(StringComparer.Ordinal);
        TimeSpan? firmware = null;
        Stopwatch clock = Stopwatch.StartNew();
        BootReport report = await new BootRun(qemu, new BootWatch(Marks.Ready, Deadline), Heard).BootAsync(machine, files, cancellation);
        MeasuredRun known = run with
        {
            Succeeded = report is { Ending: BootEnding.Reached, Ready: true },
            Delivery = new MeasuredDelivery(bytes.Kernel, bytes.Initramfs, bytes.Plan, bytes.Payload, bytes.Artefact, server?.BytesSent),
            FirmwareMilliseconds = firmware?.TotalMilliseconds,
            TouchedBytes = touched.Bytes(),
        };
        MeasuredRun measured = GuestReport.Read(report, known);
        return measured with
        {
            Failure = measured.Succeeded ? null : EndingText.Of(report),
            Marks =
            [
                .. measured.Marks.Select(mark =>
                    touchedAt.TryGetValue(mark.Name, out long bytes) ? mark with { TouchedBytes = bytes } : mark
                ),
            ],
        };

        void Heard(Mark mark)
        {
            // A mark comes late, never early: the least difference is the best.
            TimeSpan before = clock.Elapsed - mark.Time;
            firmware = firmware is { } least && least < before ? least : before;
            if (touched.Bytes() is { } bytes)
            {
                touchedAt.TryAdd(mark.Name, bytes);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<LeastAttempt> TryAsync(
        MeasureCell cell,
        long memoryBytes,
        TimeSpan deadline,
        string consoleLog,
        CancellationToken cancellation
    )
    {
        BootPlan plan = PlanOf(cell);
        await using IMeasuredServer? server = plan.Carrier == Carrier.Http ? await serve(plan, cancellation) : null;
        using StoreLease lease = store.Lease();
        using LabDirectory directory = new();
        (Machine machine, _) = await PrepareAsync(cell, plan, memoryBytes, server?.Url, directory.Path, cancellation);
        BootRun run = new(qemu, new BootWatch(Marks.Ready, deadline));
        BootReport report = await run.BootAsync(machine, directory.MachineFiles(consoleLog), cancellation);
        bool ready = report is { Ending: BootEnding.Reached, Ready: true };
        return new LeastAttempt(memoryBytes, ready, ready ? "ready" : EndingText.Of(report));
    }

    private static BootPlan PlanOf(MeasureCell cell) =>
        new()
        {
            Form = Peer.Of(cell) is { } peer ? peer.Form : Names.FormOf(cell.Form)!.Value,
            Carrier = Names.CarrierOf(cell.Carrier)!.Value,
            // A failure screen that nobody reads.
            Countdown = TimeSpan.Zero,
        };

    private Task<(Machine Machine, BootFileBytes Delivered)> PrepareAsync(
        MeasureCell cell,
        BootPlan plan,
        long memoryBytes,
        string? url,
        string directory,
        CancellationToken cancellation
    )
    {
        Machine hardware = new()
        {
            MemoryBytes = memoryBytes,
            Cpus = Processors,
            Networks = [MachineNetwork.User],
            Accelerator = accelerator,
        };
        if (Peer.Of(cell) is { } peer)
        {
            PeerBoot under = new()
            {
                Peer = peer,
                Initramfs = Peers.First(image => image.Initramfs == peer.Initramfs),
                Store = store,
                Image = image,
                Url = url,
                Hardware = hardware,
            };
            return under.PrepareAsync(directory, cancellation);
        }
        ImageBoot boot = new()
        {
            Store = store,
            Image = image,
            Plan = url is null ? plan : plan with { Url = url },
            Hardware = hardware,
        };
        return boot.PrepareAsync(directory, cancellation);
    }
}
