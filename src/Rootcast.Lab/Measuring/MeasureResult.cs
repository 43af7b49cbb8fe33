namespace Rootcast.Lab.Measuring;

/// <summary>All of one measuring: what was asked, where, and every run. The result file is this as JSON.</summary>
public sealed record MeasureResult
{
    /// <summary>What <see cref="Format"/> says.</summary>
    public const string FormatName = "rootcast-measure";

    /// <summary>The version that this program writes, and the only one that it reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Says what file this is.</summary>
    public required string Format { get; init; }

    /// <summary>Version of the format.</summary>
    public required int Version { get; init; }

    /// <summary>When the first run began.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Order of the runs, and intervals.</summary>
    public required long Seed { get; init; }

    /// <summary>How often each cell is booted.</summary>
    public required int Runs { get; init; }

    /// <summary>Bytes that the workload writes; 0 where there is none.</summary>
    public required long WriteBytes { get; init; }

    /// <summary>Whether the least memory is searched for.</summary>
    public bool SearchesLeast { get; init; }

    /// <summary>Name of the study that this is; null for none.</summary>
    public string? Study { get; init; }

    /// <summary>The image.</summary>
    public required MeasuredImage Image { get; init; }

    /// <summary>The host.</summary>
    public required MeasuredHost Host { get; init; }

    /// <summary>What is compared.</summary>
    public required IReadOnlyList<MeasureCell> Cells { get; init; }

    /// <summary>The runs so far, in the order in which they were done.</summary>
    public IReadOnlyList<MeasuredRun> Done { get; init; } = [];

    /// <summary>The searches for the least memory so far.</summary>
    public IReadOnlyList<LeastMemory> Least { get; init; } = [];

    /// <summary>The runs of a cell, failed ones too.</summary>
    public IEnumerable<MeasuredRun> RunsOf(int cell) => Done.Where(run => run.Cell == cell);
}
