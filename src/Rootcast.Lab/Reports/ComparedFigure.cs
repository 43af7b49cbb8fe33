using Rootcast.Lab.Measuring;
using Rootcast.Lab.Statistics;

namespace Rootcast.Lab.Reports;

/// <summary>One figure of one cell in two results.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Metric">The figure.</param>
/// <param name="Before">In the first.</param>
/// <param name="After">In the second.</param>
/// <param name="Interval">The ratio; null where it means nothing.</param>
public sealed record ComparedFigure(MeasureCell Cell, Metric Metric, Sample Before, Sample After, RatioInterval? Interval)
{
    /// <summary>Whether it changed beyond noise: the interval of its ratio does not have 1 in it.</summary>
    public bool Changed => Interval is { ExcludesOne: true };

    /// <summary><c>better</c>, <c>worse</c>, <c>same</c>, or <c>unknown</c> where there are too few runs to tell.</summary>
    public string Verdict =>
        Interval is not { IsKnown: true } interval ? "unknown"
        : !interval.ExcludesOne ? "same"
        : interval.Ratio < 1 == Metric.LessIsBetter ? "better"
        : "worse";
}
