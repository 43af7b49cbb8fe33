namespace Rootcast.Lab.Measuring;

/// <summary>Searches the least memory that gets ready: by halving, in steps of <see cref="Step"/>, each size <see cref="Times"/> times. It is enough when it
/// got ready every time: a machine that boots twice in three is none that one would run, and the attempts show that there was such a size.</summary>
public static class LeastSearch
{
    /// <summary>Sizes are multiples of this.</summary>
    public const long Step = 8L << 20;

    /// <summary>How often each size is booted.</summary>
    public const int Times = 3;

    /// <summary>Too little for any kernel of ours.</summary>
    public const long TooLittle = 32L << 20;

    /// <summary>The size to boot next; null when the search is over.</summary>
    /// <param name="enough">A size that is known to be enough.</param>
    /// <param name="guess">Where to begin; anything.</param>
    /// <param name="attempts">The boots so far, in any order.</param>
    public static long? Next(long enough, long guess, IReadOnlyList<LeastAttempt> attempts)
    {
        (long bad, long good) = Bounds(enough, attempts);
        if (good - bad <= Step)
        {
            return null;
        }
        // One that was begun is brought to its end first.
        LeastAttempt? begun = attempts.FirstOrDefault(attempt => attempt.MemoryBytes > bad && attempt.MemoryBytes < good);
        if (begun is not null)
        {
            return begun.MemoryBytes;
        }
        long middle = (bad + good) / 2;
        // Around the guess first, in widening steps: failing boots are the slow ones, and it is seldom far off.
        int sizes = attempts.Select(attempt => attempt.MemoryBytes).Distinct().Count();
        long width = Step * 2 << Math.Clamp(sizes, 0, 20);
        if (attempts.Count == 0)
        {
            middle = guess;
        }
        else if (bad == TooLittle && good - width > middle)
        {
            middle = good - width;
        }
        else if (good == Rounded(enough) && bad + width < middle)
        {
            middle = bad + width;
        }
        return Math.Clamp(Rounded(middle), bad + Step, good - Step);
    }

    /// <summary>The least size that was enough; null when none was.</summary>
    public static long? Result(long enough, IReadOnlyList<LeastAttempt> attempts) =>
        Next(enough, enough, attempts) is null ? Bounds(enough, attempts).Good : null;

    private static (long Bad, long Good) Bounds(long enough, IReadOnlyList<LeastAttempt> attempts)
    {
        long bad = TooLittle;
        long good = Rounded(enough);
        foreach (IGrouping<long, LeastAttempt> size in attempts.GroupBy(attempt => attempt.MemoryBytes))
        {
            if (size.Count() < Times)
            {
                continue;
            }
            if (size.All(attempt => attempt.Ready))
            {
                good = Math.Min(good, size.Key);
            }
            else
            {
                bad = Math.Max(bad, size.Key);
            }
        }
        return (bad, Math.Max(good, bad + Step));
    }

    private static long Rounded(long bytes) => bytes / Step * Step;
}
