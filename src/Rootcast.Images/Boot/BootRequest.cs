using Rootcast.Contract;
using Rootcast.Images.Initrds;

namespace Rootcast.Images.Boot;

/// <summary>How an image is to boot.</summary>
public sealed record BootRequest
{
    /// <summary>Form, carrier and options. <see cref="BootPlan.Artefact"/> is filled in from the image.</summary>
    public required BootPlan Plan { get; init; }

    /// <summary>Which of the image's kernels; null for the first.</summary>
    public string? KernelVersion { get; init; }

    /// <summary>Where the plan stands.</summary>
    public PlanPlace PlanPlace { get; init; } = PlanPlace.CommandLine;

    /// <summary>Further segments of the initrd: microcode, node.</summary>
    public IReadOnlyList<InitrdSegment> Segments { get; init; } = [];

    /// <summary>More kernel arguments, after the plan's: <c>console=ttyS0</c>.</summary>
    public KernelArguments Arguments { get; init; } = KernelArguments.Empty;
}
