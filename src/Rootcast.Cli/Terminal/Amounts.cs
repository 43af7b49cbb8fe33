using System.Globalization;

namespace Rootcast.Cli.Terminal;

/// <summary>Numbers as people read them.</summary>
internal static class Amounts
{
    /// <summary>Bytes that were stored or sent: <c>105.5 MB</c> (powers of 1000, as disks and networks count).</summary>
    public static string Bytes(long bytes) =>
        bytes switch
        {
            < 1_000 => Text($"{bytes} B"),
            < 1_000_000 => Text($"{bytes / 1e3:0.0} kB"),
            < 1_000_000_000 => Text($"{bytes / 1e6:0.0} MB"),
            _ => Text($"{bytes / 1e9:0.00} GB"),
        };

    /// <summary>Memory: <c>166 MiB</c>.</summary>
    public static string Memory(long bytes) => Text($"{bytes / 1048576.0:0} MiB");

    /// <summary>A time: <c>6.93 s</c>.</summary>
    public static string Seconds(TimeSpan time) => Text($"{time.TotalSeconds:0.00} s");

    /// <summary>A moment in this host's time zone, to the minute.</summary>
    public static string Moment(DateTimeOffset moment) => moment.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
