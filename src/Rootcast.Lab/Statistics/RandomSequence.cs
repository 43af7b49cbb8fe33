namespace Rootcast.Lab.Statistics;

/// <summary>Random numbers that are the same for a seed on every machine and framework: SplitMix64 (Steele, Lea, Flood 2014).</summary>
/// <param name="seed">Any number.</param>
public sealed class RandomSequence(long seed)
{
    private ulong state = unchecked((ulong)seed);

    /// <summary>A number from 0 to below <paramref name="bound"/>, each as likely as the next (by rejection).</summary>
    /// <param name="bound">From 1.</param>
    public int Below(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        uint limit = uint.MaxValue - (uint.MaxValue % (uint)bound);
        uint drawn;
        do
        {
            drawn = (uint)(Next() >> 32);
        } while (drawn >= limit);
        return (int)(drawn % (uint)bound);
    }

    /// <summary>Puts the items into a random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int other = Below(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }

    private ulong Next()
    {
        state += 0x9E3779B97F4A7C15;
        ulong mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
