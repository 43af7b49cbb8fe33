using System.Globalization;

namespace Rootcast.Lab.Boots;

/// <summary>What writing a file of 1 MiB blocks into <c>/</c> showed.</summary>
/// <param name="Bytes">Bytes written.</param>
/// <param name="Elapsed">Time from the first write to the last one's return.</param>
/// <param name="Sync">Time of the <c>sync</c> after it.</param>
public sealed record WriteMeasurement(long Bytes, TimeSpan Elapsed, TimeSpan Sync)
{
    /// <summary>Throughput of the writing, without the sync.</summary>
    public double BytesPerSecond => Elapsed > TimeSpan.Zero ? Bytes / Elapsed.TotalSeconds : 0;

    /// <summary>Reads the texts of the events <c>write</c> (bytes and nanoseconds) and <c>sync</c> (nanoseconds); null when they are not that.</summary>
    public static WriteMeasurement? From(string write, string sync)
    {
        string[] words = write.Split(' ');
        return words.Length == 2 && Number(words[0]) is { } bytes && Number(words[1]) is { } elapsed && Number(sync) is { } syncing
            ? new WriteMeasurement(bytes, TimeSpan.FromTicks(elapsed / 100), TimeSpan.FromTicks(syncing / 100))
            : null;
    }

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;
}
