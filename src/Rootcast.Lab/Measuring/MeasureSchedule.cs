using Rootcast.Lab.Statistics;

namespace Rootcast.Lab.Measuring;

/// <summary>In which order cells are booted: round by round, every cell once in each, each round in an order of its own. So a slow minute of the host
/// does not meet one cell alone, and no cell always follows the same other.</summary>
public static class MeasureSchedule
{
    /// <summary>All runs in their order.</summary>
    /// <param name="cells">How many cells.</param>
    /// <param name="runs">How many rounds.</param>
    /// <param name="seed">The same seed gives the same order.</param>
    public static IReadOnlyList<(int Cell, int Round)> Of(int cells, int runs, long seed)
    {
        RandomSequence random = new(seed);
        List<(int, int)> order = [];
        for (int round = 1; round <= runs; round++)
        {
            int[] shuffled = [.. Enumerable.Range(0, cells)];
            random.Shuffle<int>(shuffled);
            foreach (int cell in shuffled)
            {
                order.Add((cell, round));
            }
        }
        return order;
    }

    /// <summary>What is left of a measuring. A run that failed is done: it is shown, not repeated.</summary>
    public static IEnumerable<(int Cell, int Round)> Left(MeasureResult result)
    {
        HashSet<(int, int)> done = [];
        foreach (MeasuredRun run in result.Done)
        {
            done.Add((run.Cell, run.Round));
        }
        foreach ((int cell, int round) in Of(result.Cells.Count, result.Runs, result.Seed))
        {
            if (!done.Contains((cell, round)))
            {
                yield return (cell, round);
            }
        }
    }
}
