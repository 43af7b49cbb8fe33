using Rootcast.Lab.Reports;

namespace Rootcast.Cli.Data;

/// <summary>What <c>report A B --json</c> prints. Values in bytes, milliseconds or bytes a second.</summary>
internal sealed record ComparisonData(IReadOnlyList<string> Notes, IReadOnlyList<ComparisonData.Figure> Figures)
{
    public static ComparisonData Of(Comparison comparison) =>
        new(
            comparison.Notes,
            [
                .. comparison.Figures.Select(figure => new Figure(
                    figure.Cell.Form,
                    figure.Cell.Carrier,
                    figure.Cell.MemoryBytes,
                    figure.Metric.Name,
                    figure.Before.Median,
                    figure.After.Median,
                    figure.Interval?.Ratio,
                    figure.Interval is { IsKnown: true } low ? low.Low : null,
                    figure.Interval is { IsKnown: true } high ? high.High : null,
                    figure.Verdict
                )),
            ]
        );

    /// <summary>One figure.</summary>
    internal sealed record Figure(
        string Form,
        string Carrier,
        long MemoryBytes,
        string Name,
        double Before,
        double After,
        double? Ratio,
        double? Low,
        double? High,
        string Verdict
    );
}
