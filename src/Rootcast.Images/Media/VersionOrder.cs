namespace Rootcast.Images.Media;

/// <summary>Orders versions as people do: numbers by value, the rest by letters. <c>6.1.0-9</c> comes before <c>6.1.0-10</c>.</summary>
internal sealed class VersionOrder : IComparer<string>
{
    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        ReadOnlySpan<char> a = x;
        ReadOnlySpan<char> b = y;
        while (!a.IsEmpty && !b.IsEmpty)
        {
            bool numbers = char.IsAsciiDigit(a[0]) && char.IsAsciiDigit(b[0]);
            ReadOnlySpan<char> first = Part(ref a, numbers);
            ReadOnlySpan<char> second = Part(ref b, numbers);
            int order = numbers ? first.Length.CompareTo(second.Length) : 0;
            order = order != 0 ? order : first.SequenceCompareTo(second);
            if (order != 0)
            {
                return order;
            }
        }
        return a.Length.CompareTo(b.Length);
    }

    private static ReadOnlySpan<char> Part(ref ReadOnlySpan<char> text, bool number)
    {
        int length = 1;
        if (number)
        {
            text = text.TrimStart('0');
            int end = text.IndexOfAnyExceptInRange('0', '9');
            length = end < 0 ? text.Length : end;
        }
        ReadOnlySpan<char> part = text[..length];
        text = text[length..];
        return part;
    }
}
