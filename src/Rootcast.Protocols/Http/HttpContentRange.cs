namespace Rootcast.Protocols.Http;

/// <summary>A Content-Range header: <c>bytes 0-99/1000</c>.</summary>
/// <param name="First">First byte.</param>
/// <param name="Last">Last byte.</param>
/// <param name="Total">Length of the whole; null for <c>*</c>.</param>
public readonly record struct HttpContentRange(long First, long Last, long? Total)
{
    /// <summary>Reads the header; null when it is not of that form (an unsatisfied range has none).</summary>
    public static HttpContentRange? Parse(string text)
    {
        const string unit = "bytes ";
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!text.StartsWith(unit, StringComparison.OrdinalIgnoreCase) || dash < unit.Length || slash < dash)
        {
            return null;
        }
        ReadOnlySpan<char> totalText = text.AsSpan(slash + 1);
        long total = 0;
        return
            HttpNumber.TryParse(text.AsSpan(unit.Length, dash - unit.Length), out long first)
            && HttpNumber.TryParse(text.AsSpan(dash + 1, slash - dash - 1), out long last)
            && (totalText.SequenceEqual("*") || HttpNumber.TryParse(totalText, out total))
            && first <= last
            && (totalText.SequenceEqual("*") || last < total)
            ? new HttpContentRange(first, last, totalText.SequenceEqual("*") ? null : total)
            : null;
    }
}
