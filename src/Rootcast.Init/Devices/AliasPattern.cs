namespace Rootcast.Init.Devices;

/// <summary>fnmatch(3) as modules.alias needs it: <c>*</c>, <c>?</c> and <c>[a-f]</c>, without special treatment of slashes or dots.</summary>
public static class AliasPattern
{
    /// <summary>Whether a text matches. Takes at most the product of both lengths in steps.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        int p = 0;
        int t = 0;
        int starAt = -1;
        int starText = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                starAt = p++;
                starText = t;
            }
            else if (p < pattern.Length && MatchOne(pattern[p..], text[t], out int used))
            {
                p += used;
                t++;
            }
            else if (starAt >= 0)
            {
                p = starAt + 1;
                t = ++starText;
            }
            else
            {
                return false;
            }
        }
        while (p < pattern.Length && pattern[p] == '*')
        {
            p++;
        }
        return p == pattern.Length;
    }

    private static bool MatchOne(ReadOnlySpan<char> pattern, char c, out int used)
    {
        used = 1;
        if (pattern[0] == '?')
        {
            return true;
        }
        int close = pattern.IndexOf(']');
        if (pattern[0] != '[' || close < 0)
        {
            return pattern[0] == c;
        }
        used = close + 1;
        ReadOnlySpan<char> set = pattern[1..close];
        for (int i = 0; i < set.Length; i++)
        {
            if (i + 2 < set.Length && set[i + 1] == '-')
            {
                if (c >= set[i] && c <= set[i + 2])
                {
                    return true;
                }
                i += 2;
            }
            else if (set[i] == c)
            {
                return true;
            }
        }
        return false;
    }
}
