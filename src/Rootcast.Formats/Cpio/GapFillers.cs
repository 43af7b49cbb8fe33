using System.Numerics;

namespace Rootcast.Formats.Cpio;

/// <summary>Small entries by their length, to take the largest that fits into a gap. Those of one length are taken in the order in which they were added.</summary>
internal sealed class GapFillers
{
    /// <summary>Longer gaps are filled by several.</summary>
    private const int LargestGap = 1 << 16;

    private readonly Queue<int>?[] byLength;
    private readonly ulong[] lengths;
    private readonly SortedSet<int> all = [];

    public GapFillers(int largestGap)
    {
        int count = Math.Min(largestGap, LargestGap) / CpioLayout.Alignment + 1;
        byLength = new Queue<int>?[count];
        lengths = new ulong[(count + 63) / 64];
    }

    /// <summary>How many are left.</summary>
    public int Count => all.Count;

    /// <summary>Adds an entry.</summary>
    public void Add(int entry, long length)
    {
        all.Add(entry);
        long index = length / CpioLayout.Alignment;
        if (index < byLength.Length)
        {
            (byLength[index] ??= new Queue<int>()).Enqueue(entry);
            lengths[index / 64] |= 1UL << (int)(index % 64);
        }
    }

    /// <summary>Takes the largest entry that is no longer than the gap.</summary>
    public int? TakeLargest(int gap)
    {
        int index = Math.Min(gap / CpioLayout.Alignment, byLength.Length - 1);
        int word = index / 64;
        ulong bits = lengths[word] & (ulong.MaxValue >> (63 - index % 64));
        while (bits == 0)
        {
            if (--word < 0)
            {
                return null;
            }
            bits = lengths[word];
        }
        index = word * 64 + BitOperations.Log2(bits);
        Queue<int> queue = byLength[index]!;
        // Those that were taken otherwise are still in their queue.
        while (queue.TryDequeue(out int entry))
        {
            if (all.Remove(entry))
            {
                return entry;
            }
        }
        lengths[word] &= ~(1UL << (index % 64));
        return TakeLargest(gap);
    }

    /// <summary>Takes the first that is left, whatever its length.</summary>
    public int? TakeAny()
    {
        if (all.Count == 0)
        {
            return null;
        }
        int entry = all.Min;
        all.Remove(entry);
        return entry;
    }

    /// <summary>What is left, in the order in which it was added.</summary>
    public IEnumerable<int> TakeRest() => all;
}
