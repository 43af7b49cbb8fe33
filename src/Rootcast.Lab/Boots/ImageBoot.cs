using Rootcast.Contract;
using Rootcast.Images.Boot;
using Rootcast.Images.Initrds;
using Rootcast.Images.Store;
using Rootcast.Lab.Machines;
using Rootcast.Lab.Running;

namespace Rootcast.Lab.Boots;

/// <summary>A boot of an image from a store. Carrier <c>http</c> needs <see cref="BootPlan.Url"/> with <see cref="Machine.HostAddress"/> in it, behind
/// which somebody serves the artefact: the lab has no server of its own.</summary>
public sealed record ImageBoot
{
    /// <summary>The store.</summary>
    public required ImageStore Store { get; init; }

    /// <summary>The image.</summary>
    public required ImageManifest Image { get; init; }

    /// <summary>Form, carrier and options; for carrier <c>disk</c> without a device the disk is made and named.</summary>
    public required BootPlan Plan { get; init; }

    /// <summary>Which of the image's kernels; null for the first.</summary>
    public string? KernelVersion { get; init; }

    /// <summary>Where the plan stands.</summary>
    public PlanPlace PlanPlace { get; init; } = PlanPlace.CommandLine;

    /// <summary>Further segments of the initrd.</summary>
    public IReadOnlyList<InitrdSegment> Segments { get; init; } = [];

    /// <summary>More kernel arguments.</summary>
    public KernelArguments Arguments { get; init; } = KernelArguments.Empty;

    /// <summary>How the disk of carrier <c>disk</c> is attached.</summary>
    public DiskBus Bus { get; init; } = DiskBus.Virtio;

    /// <summary>What is on it.</summary>
    public DiskContent DiskContent { get; init; } = DiskContent.Raw;

    /// <summary>The machine's memory, processors, networks, console and accelerator; the rest is filled in.</summary>
    public Machine Hardware { get; init; } = new();

    /// <summary>The machine, its files written to a directory where the store's own do not do, and the bytes that are delivered to it, by parts.</summary>
    public async Task<(Machine Machine, BootFileBytes Delivered)> PrepareAsync(string directory, CancellationToken cancellation)
    {
        BootPlan plan = Plan;
        List<MachineDisk> disks = [.. Hardware.Disks];
        if (plan.Carrier == Carrier.Disk && plan.Device is null && DiskContent != DiskContent.None)
        {
            ImageArtefact? artefact = Image.Artefacts.FirstOrDefault(artefact => artefact.Form == plan.Form);
            if (artefact is not null)
            {
                string path = Store.PathOf(artefact.Blob);
                ArtefactDisk made = await ArtefactDisk.MakeAsync(
                    path,
                    plan.Form,
                    artefact.Identity,
                    artefact.Disks,
                    Bus,
                    DiskContent,
                    directory,
                    cancellation
                );
                disks.InsertRange(0, [made.Disk, .. made.Others]);
                plan = plan with { Device = made.Device, Path = made.Path };
            }
        }
        BootRequest request = new()
        {
            Plan = plan,
            PlanPlace = PlanPlace,
            Segments = Segments,
            KernelVersion = KernelVersion,
            // A panic must end the machine instead of standing still until the deadline.
            Arguments = KernelArguments.Parse("panic=-1").Concat(Arguments),
        };
        BootFiles files = BootFiles.Prepare(Store, Image, request, directory, cancellation);
        Machine machine = Hardware with
        {
            Kernel = files.KernelPath,
            Initrd = files.InitrdPath,
            CommandLine = files.CommandLine.ToString(),
            Disks = disks,
        };
        return (machine, files.Bytes);
    }

    /// <summary>Boots and watches; when this returns or throws, machine and temporary files are gone.</summary>
    /// <param name="run">What boots it and what is waited for.</param>
    /// <param name="consoleLog">Where the guest's console is kept.</param>
    /// <param name="cancellation">Ends the machine.</param>
    public async Task<BootReport> RunAsync(BootRun run, string consoleLog, CancellationToken cancellation)
    {
        // Its blobs are open files only once QEMU runs; until then a collection must not take them.
        using StoreLease lease = Store.Lease();
        using LabDirectory directory = new();
        (Machine machine, BootFileBytes delivered) = await PrepareAsync(directory.Path, cancellation);
        BootReport report = await run.BootAsync(machine, directory.MachineFiles(consoleLog, typing: run.Types), cancellation);
        return report with { DeliveredBytes = delivered.Delivered };
    }
}
