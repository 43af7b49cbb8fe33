namespace Rootcast.Formats.Modules;

/// <summary>Patterns of modules.alias, matched as fnmatch(3) without flags does: <c>*</c>, <c>?</c>, <c>[…]</c>, <c>\x</c>.</summary>
public static class AliasPattern
{
    private const string Special = "*?[\\";

    /// <summary>How many characters at the beginning stand for themselves.</summary>
    public static int LiteralLength(ReadOnlySpan<char> pattern)
    {
        int special = pattern.IndexOfAny(Special);
        return special < 0 ? pattern.Length : special;
    }

    /// <summary>Whether the text fits the pattern. Time is bounded by the product of both lengths.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        int p = 0;
        int t = 0;
        int starPattern = -1;
        int starText = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                starPattern = ++p;
                starText = t;
                continue;
            }
            if (p < pattern.Length && MatchesOne(pattern, p, text[t], out int next))
            {
                p = next;
                t++;
                continue;
            }
            if (starPattern < 0)
            {
                return false;
            }
            // The last star takes one character more; an earlier one need not be tried again.
            p = starPattern;
            t = ++starText;
        }
        while (p < pattern.Length && pattern[p] == '*')
        {
            p++;
        }
        return p == pattern.Length;
    }

    private static bool MatchesOne(ReadOnlySpan<char> pattern, int at, char c, out int next)
    {
        next = at + 1;
        switch (pattern[at])
        {
            case '?':
                return true;
            case '[':
                int close = Closing(pattern, at);
                if (close < 0)
                {
                    return c == '[';
                }
                next = close + 1;
                return InSet(pattern[(at + 1)..close], c);
            case '\\' when at + 1 < pattern.Length:
                next = at + 2;
                return pattern[at + 1] == c;
            default:
                return pattern[at] == c;
        }
    }

    private static int Closing(ReadOnlySpan<char> pattern, int open)
    {
        int first = open + 1;
        if (first < pattern.Length && pattern[first] is '!' or '^')
        {
            first++;
        }
        // A bracket that comes first stands for itself.
        int close = first < pattern.Length ? pattern[(first + 1)..].IndexOf(']') : -1;
        return close < 0 ? -1 : first + 1 + close;
    }

    private static bool InSet(ReadOnlySpan<char> set, char c)
    {
        bool negated = set[0] is '!' or '^';
        set = negated ? set[1..] : set;
        bool found = false;
        for (int i = 0; i < set.Length; i++)
        {
            if (i + 2 < set.Length && set[i + 1] == '-')
            {
                found |= c >= set[i] && c <= set[i + 2];
                i += 2;
            }
            else
            {
                found |= set[i] == c;
            }
        }
        return found != negated;
    }
}
