using System.Globalization;
using Rootcast.Lab.Measuring;

namespace Rootcast.Lab.Reports;

/// <summary>One figure of a run.</summary>
/// <param name="Name">In CSV and JSON.</param>
/// <param name="Title">Above its column.</param>
/// <param name="Group">Which table.</param>
/// <param name="Unit">What it counts.</param>
/// <param name="Of">Its value; null where the run does not have it.</param>
public sealed record Metric(string Name, string Title, MetricGroup Group, MetricUnit Unit, Func<MeasuredRun, double?> Of)
{
    /// <summary>Whether it is a time or depends on one: under emulation such figures compare only with each other.</summary>
    public bool IsTimed => Unit is MetricUnit.Time or MetricUnit.Rate;

    /// <summary>Whether less of it is better.</summary>
    public bool LessIsBetter => Unit != MetricUnit.Rate;

    /// <summary><c>MiB</c>, <c>s</c>, …</summary>
    public string Symbol =>
        Unit switch
        {
            MetricUnit.Bytes => "MB",
            MetricUnit.Memory => "MiB",
            MetricUnit.Time => "s",
            _ => "MB/s",
        };

    /// <summary>A value in what <see cref="Symbol"/> says.</summary>
    public double Scaled(double value) =>
        Unit switch
        {
            MetricUnit.Memory => value / (1 << 20),
            MetricUnit.Time => value / 1000,
            _ => value / 1e6,
        };

    /// <summary>A value as text without its unit; <c>-</c> where there is none.</summary>
    public string Show(double value) =>
        double.IsFinite(value) ? Scaled(value).ToString(Unit == MetricUnit.Time ? "0.00" : "0.0", CultureInfo.InvariantCulture) : "-";
}
