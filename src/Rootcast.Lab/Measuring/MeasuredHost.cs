namespace Rootcast.Lab.Measuring;

/// <summary>Where it was measured, and with what.</summary>
public sealed record MeasuredHost
{
    /// <summary>The distribution, for people.</summary>
    public required string System { get; init; }

    /// <summary>Release of the host's kernel.</summary>
    public required string Kernel { get; init; }

    /// <summary>Model of its processors.</summary>
    public required string Processor { get; init; }

    /// <summary>How many there are.</summary>
    public required int Processors { get; init; }

    /// <summary>Its memory.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>QEMU's version.</summary>
    public required string Qemu { get; init; }

    /// <summary><c>TCG</c> or <c>KVM</c>.</summary>
    public required string Accelerator { get; init; }

    /// <summary>Why that one.</summary>
    public required string AcceleratorReason { get; init; }

    /// <summary>Processors of the guest.</summary>
    public required int GuestProcessors { get; init; }

    /// <summary>This program, in a line.</summary>
    public required string Rootcast { get; init; }

    /// <summary>Versions of the tools of this host that make forms. What made this image may have been others.</summary>
    public IReadOnlyDictionary<string, string> Tools { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether times are those of a processor and not of its emulation.</summary>
    public bool TimesAreReal => Accelerator == "KVM";
}
