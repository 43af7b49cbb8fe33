namespace Rootcast.Images.Recipes;

/// <summary>What a misspelt name may have meant.</summary>
public static class NearestName
{
    /// <summary>The known name that takes the fewest single-letter changes, or null when none is near.</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        int most = Math.Max(2, name.Length / 3);
        return name.Length > 100
            ? null
            : known
                .Select(candidate => (Name: candidate, Changes: Distance(name, candidate)))
                .Where(pair => pair.Changes <= most && pair.Changes < pair.Name.Length)
                .OrderBy(pair => pair.Changes)
                .Select(pair => pair.Name)
                .FirstOrDefault();
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours between two words (optimal string alignment).</summary>
    internal static int Distance(string a, string b)
    {
        int[,] cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    cost[i, j] = i + j;
                    continue;
                }
                int replaced = cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(replaced, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }
        return cost[a.Length, b.Length];
    }
}
