namespace Rootcast.Formats.Iso9660;

/// <summary>Times in ISO 9660.</summary>
internal static class IsoTime
{
    /// <summary>Bytes of the short form.</summary>
    public const int Length = 7;

    /// <summary>The short form (ECMA-119 9.1.5) in seconds since 1970; 0 for one that is no time.</summary>
    public static long Read(ReadOnlySpan<byte> time)
    {
        if (time.Length < Length || time[1] is 0 or > 12 || time[2] is 0 or > 31 || time[3] > 23 || time[4] > 59 || time[5] > 59)
        {
            return 0;
        }
        int year = 1900 + time[0];
        if (time[2] > DateTime.DaysInMonth(year, time[1]))
        {
            return 0;
        }
        const long quarter = 15 * 60;
        DateTime written = new(year, time[1], time[2], time[3], time[4], time[5], DateTimeKind.Utc);
        return new DateTimeOffset(written).ToUnixTimeSeconds() - ((sbyte)time[6] * quarter);
    }
}
