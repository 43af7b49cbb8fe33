namespace Rootcast.Lab.Reports;

/// <summary>One cell in the charts.</summary>
/// <param name="Name">Beside its row.</param>
/// <param name="Form">Its form.</param>
/// <param name="Delivered">Delivered, MB; null where no run succeeded.</param>
/// <param name="Used">In use at ready, MiB; the same.</param>
/// <param name="Least">Least memory, MiB; null where it was not searched for.</param>
/// <param name="Stages">The stages of its boot.</param>
/// <param name="Owners">MiB by group, for each point at which it was looked.</param>
internal sealed record ChartCell(
    string Name,
    string Form,
    ChartSample? Delivered,
    ChartSample? Used,
    double? Least,
    IReadOnlyList<ChartStage> Stages,
    IReadOnlyDictionary<string, double[]> Owners
);
