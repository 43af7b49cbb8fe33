using Rootcast.Contract;
using Rootcast.Images.Store;

namespace Rootcast.Cli.Boots;

/// <summary>A boot that somebody asked for.</summary>
internal sealed record BootOrder
{
    /// <summary>The image.</summary>
    public required StoredImage Image { get; init; }

    /// <summary>Form, carrier and options.</summary>
    public required BootPlan Plan { get; init; }

    /// <summary>Memory of the machine in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Its processors.</summary>
    public int Cpus { get; init; } = 2;

    /// <summary>More kernel arguments.</summary>
    public KernelArguments Arguments { get; init; } = KernelArguments.Empty;

    /// <summary>Name of the mark to wait for; null for the machine's end.</summary>
    public string? Until { get; init; }

    /// <summary>Whether the user sits at the console.</summary>
    public bool OnTerminal { get; init; }

    /// <summary>For the whole boot.</summary>
    public required TimeSpan Deadline { get; init; }
}
