namespace Rootcast.Lab.Reports;

/// <summary>Which table of a report a figure stands in.</summary>
public enum MetricGroup
{
    /// <summary>What it takes to get there.</summary>
    Delivery,

    /// <summary>What it takes of the machine's memory.</summary>
    Memory,

    /// <summary>The stages of the boot.</summary>
    Boot,

    /// <summary>The workload.</summary>
    Work,
}
