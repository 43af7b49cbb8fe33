using Rootcast.Contract;

namespace Rootcast.Cli.Measuring;

/// <summary>What somebody wants measured.</summary>
internal sealed record MeasureRequest
{
    /// <summary>The image.</summary>
    public required string Image { get; init; }

    /// <summary>Which forms; null for all that the image has.</summary>
    public IReadOnlyList<Form>? Forms { get; init; }

    /// <summary>By which carriers. A form that none of them can bring comes by the first that can.</summary>
    public IReadOnlyList<Carrier> Carriers { get; init; } = [Carrier.Http];

    /// <summary>Memory of the machines.</summary>
    public IReadOnlyList<long> Memory { get; init; } = [2L << 30];

    /// <summary>How often each is booted.</summary>
    public int Runs { get; init; } = 5;

    /// <summary>Order and intervals; null for a new one.</summary>
    public long? Seed { get; init; }

    /// <summary>Bytes that the workload writes.</summary>
    public long WriteBytes { get; init; }

    /// <summary>Name of the study that this is; null for none.</summary>
    public string? Study { get; init; }

    /// <summary>Whether the tree is booted by others' initramfs too.</summary>
    public bool Peers { get; init; }

    /// <summary>Whether to search for the least memory.</summary>
    public bool Least { get; init; }

    /// <summary>Seconds for one boot and its work.</summary>
    public int Deadline { get; init; } = 300;

    /// <summary>Whether to go on with what is in the directory.</summary>
    public bool Resume { get; init; }

    /// <summary>Where the result is kept.</summary>
    public required string Directory { get; init; }
}
