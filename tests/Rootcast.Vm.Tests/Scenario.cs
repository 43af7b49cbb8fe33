using Rootcast.Contract;
using Rootcast.Images.Boot;
using Rootcast.Images.Initrds;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Machines;

namespace Rootcast.Vm.Tests;

/// <summary>One boot of a test; what is not said is as in the main job.</summary>
public sealed record Scenario
{
    public string Recipe { get; init; } = Recipes.Debian;

    public Form Form { get; init; } = Form.Squashfs;

    public Carrier Carrier { get; init; } = Carrier.Initrd;

    /// <summary>Options of the plan beside form and carrier.</summary>
    public BootPlan Plan { get; init; } = new() { Form = Form.Squashfs, Countdown = TimeSpan.FromSeconds(1) };

    public PlanPlace PlanPlace { get; init; } = PlanPlace.CommandLine;

    /// <summary>Stands in <see cref="Arguments"/> for where the lab serves the form's artefact.</summary>
    public const string Url = "{url}";

    /// <summary>Further segments of the initrd.</summary>
    public IReadOnlyList<InitrdSegment> Segments { get; init; } = [];

    /// <summary>More kernel arguments.</summary>
    public string Arguments { get; init; } = "";

    public int MemoryNodes { get; init; } = 1;

    public long MemoryBytes { get; init; } = 2L << 30;

    /// <summary>Whether to boot Debian's generic kernel instead of the image's first.</summary>
    public bool GenericKernel { get; init; }

    public DiskBus Bus { get; init; } = DiskBus.Virtio;

    public DiskContent DiskContent { get; init; } = DiskContent.Raw;

    /// <summary>Disks beside the one of carrier disk.</summary>
    public IReadOnlyList<MachineDisk> Disks { get; init; } = [];

    public MachineNetwork Network { get; init; } = MachineNetwork.User;

    /// <summary>For the whole boot, and what the guest does then.</summary>
    public TimeSpan Deadline { get; init; } = GuestLab.Deadline;

    /// <summary>The mark to wait for; null for the machine's end.</summary>
    public string? Until { get; init; } = Marks.Ready;

    /// <summary>A text on the console that is as good as the mark.</summary>
    public string? Console { get; init; }

    /// <summary>A question on the console, and what is typed then.</summary>
    public (string Question, string Line)? Answer { get; init; }

    /// <summary>The machine's identifier.</summary>
    public Guid? MachineId { get; init; }
}
