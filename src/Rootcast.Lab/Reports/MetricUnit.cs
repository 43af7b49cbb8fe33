namespace Rootcast.Lab.Reports;

/// <summary>What a figure counts, and how it is shown.</summary>
public enum MetricUnit
{
    /// <summary>Bytes that are stored or sent, shown as MB (powers of 1000).</summary>
    Bytes,

    /// <summary>Bytes of memory, shown as MiB.</summary>
    Memory,

    /// <summary>Milliseconds, shown as seconds.</summary>
    Time,

    /// <summary>Bytes a second, shown as MB/s. Depends on time, as <see cref="Time"/> does.</summary>
    Rate,
}
