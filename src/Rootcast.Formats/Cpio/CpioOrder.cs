namespace Rootcast.Formats.Cpio;

/// <summary>In which order entries are written so that data of files can start at multiples of an alignment and little is lost to it: small entries fill the
/// gaps before aligned data, and what is left of a gap becomes NULs behind the name. The same parts give the same order.</summary>
public sealed class CpioOrder
{
    /// <summary>So many files are looked at when nothing fills a gap, for the one that needs least.</summary>
    private const int Window = 32;

    private readonly IReadOnlyList<CpioPart> parts;
    private readonly int alignment;
    private readonly int[] order;
    private readonly bool[] aligned;
    private readonly GapFillers fillers;
    private int placed;
    private int longestName;
    private int blockingLeft;
    private long position;

    private CpioOrder(IReadOnlyList<CpioPart> parts, int alignment, long position)
    {
        this.parts = parts;
        this.alignment = alignment;
        this.position = position;
        order = new int[parts.Count];
        aligned = new bool[parts.Count];
        fillers = new GapFillers(alignment);
    }

    /// <summary>Indexes of the parts in the order of writing.</summary>
    public IReadOnlyList<int> Order => order;

    /// <summary>How many files have data of at least one alignment that does not start at a multiple of it, because that would take a name of more than 4096
    /// bytes.</summary>
    public int Unaligned { get; private set; }

    /// <summary>NULs behind names, beyond what an archive without alignment has.</summary>
    public long PaddingBytes { get; private set; }

    /// <summary>Where the trailer goes.</summary>
    public long End => position;

    /// <summary>Whether the data of a part is to be aligned.</summary>
    public bool IsAligned(int part) => aligned[part];

    /// <summary>Arranges entries.</summary>
    /// <param name="parts">All of them.</param>
    /// <param name="first">So many of them come first, in the order given: directories, which must be there before what is in them.</param>
    /// <param name="alignment">A multiple of 4; 0 keeps the order given.</param>
    /// <param name="position">Where in the initrd the archive starts.</param>
    public static CpioOrder Of(IReadOnlyList<CpioPart> parts, int first, int alignment, long position = 0)
    {
        if (alignment < 0 || alignment % CpioLayout.Alignment != 0)
        {
            throw new ArgumentException(
                $"data can't be aligned to {alignment}, which is no multiple of {CpioLayout.Alignment}",
                nameof(alignment)
            );
        }
        CpioOrder result = new(parts, alignment, position);
        int leading = alignment == 0 ? parts.Count : first;
        for (int index = 0; index < leading; index++)
        {
            result.Place(index, 0);
        }
        if (alignment > 0)
        {
            result.Arrange(first);
        }
        return result;
    }

    private void Arrange(int first)
    {
        List<int> waiting = [];
        for (int index = first; index < parts.Count; index++)
        {
            CpioPart part = parts[index];
            if (part.IsFile && part.Size >= alignment)
            {
                waiting.Add(index);
            }
            else
            {
                fillers.Add(index, part.Length);
            }
        }
        // Taken from its end, so that taking one costs nothing.
        waiting.Reverse();
        foreach (int part in waiting)
        {
            longestName = Math.Max(longestName, parts[part].NameBytes);
        }
        foreach (int part in waiting)
        {
            blockingLeft += Blocks(part) ? 1 : 0;
        }
        while (waiting.Count > 0)
        {
            FillGap(Gap(waiting[^1]));
            int chosen = Choose(waiting);
            if (chosen < 0)
            {
                if (fillers.TakeAny() is { } filler)
                {
                    Place(filler, 0);
                    continue;
                }
                // Whichever comes here loses its place; the smallest loses least.
                int smallest = Smallest(waiting, parts);
                Unaligned++;
                Take(waiting, smallest, padding: 0);
                continue;
            }
            aligned[waiting[chosen]] = true;
            Take(waiting, chosen, Gap(waiting[chosen]));
        }
        foreach (int rest in fillers.TakeRest())
        {
            Place(rest, 0);
        }
    }

    /// <summary>Bytes between where the data of a part would start and the next multiple.</summary>
    private int Gap(int part)
    {
        long start = CpioLayout.Aligned(position + CpioLayout.HeaderLength + parts[part].NameBytes + 1);
        return (int)((alignment - start % alignment) % alignment);
    }

    /// <summary>Whether a file ends so that behind it no header and name reach the next multiple, nor may be padded to the one after that: something small
    /// must come between.</summary>
    private bool Blocks(int part)
    {
        long nameStart = (CpioLayout.Aligned(parts[part].Size) + parts[part].FollowerBytes + CpioLayout.HeaderLength) % alignment;
        return nameStart + longestName + 1 > alignment;
    }

    private static int Smallest(List<int> waiting, IReadOnlyList<CpioPart> parts)
    {
        int smallest = waiting.Count - 1;
        for (int index = waiting.Count - 1; index >= 0; index--)
        {
            if (parts[waiting[index]].Size < parts[waiting[smallest]].Size)
            {
                smallest = index;
            }
        }
        return smallest;
    }

    private void Take(List<int> waiting, int index, int padding)
    {
        int part = waiting[index];
        waiting.RemoveAt(index);
        blockingLeft -= Blocks(part) ? 1 : 0;
        Place(part, padding);
    }

    private void FillGap(int gap)
    {
        // One is kept for each file that needs something small behind it.
        while (fillers.Count > blockingLeft && fillers.TakeLargest(gap) is { } filler)
        {
            gap -= (int)parts[filler].Length;
            Place(filler, 0);
        }
    }

    /// <summary>The first waiting file, or when that leaves a gap, the one of the next few that leaves the smallest; -1 when none can be aligned.</summary>
    private int Choose(List<int> waiting)
    {
        int best = -1;
        int bestGap = int.MaxValue;
        for (int index = waiting.Count - 1; index >= Math.Max(0, waiting.Count - Window) && bestGap > 0; index--)
        {
            int gap = Gap(waiting[index]);
            if (gap < bestGap && parts[waiting[index]].NameBytes + 1 + gap <= CpioLayout.MaximumName)
            {
                best = index;
                bestGap = gap;
            }
        }
        return best;
    }

    private void Place(int part, int padding)
    {
        order[placed++] = part;
        position += parts[part].Length + padding;
        PaddingBytes += padding;
    }
}
