using Rootcast.Lab.Statistics;

namespace Rootcast.Lab.Reports;

/// <summary>Values in the middle and at the ends of a figure's runs.</summary>
internal sealed record ChartSample(double Median, double Least, double Most)
{
    /// <summary>In the unit of the figure's tables; null without values.</summary>
    public static ChartSample? Of(Metric metric, Sample sample) =>
        sample.Count == 0 ? null : new ChartSample(metric.Scaled(sample.Median), metric.Scaled(sample.Least), metric.Scaled(sample.Most));
}
