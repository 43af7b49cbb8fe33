using System.Globalization;
using Rootcast.Cli.Terminal;
using Rootcast.Lab.Footprints;
using Spectre.Console;

namespace Rootcast.Cli.Data;

/// <summary>Footprints as people read them.</summary>
internal static class FootprintTables
{
    /// <summary>An owner with less has no line in a tree's owner but in the last one.</summary>
    private const long Smallest = 64 * 1024;

    /// <summary>A line an owner, largest first; what can be taken back and what is pinned.</summary>
    public static Table Owners(Footprint footprint)
    {
        Table table = Tables.Plain("owner", "memory", "reclaimable", "pinned", "most of it");
        Right(table, 1, 2, 3);
        foreach (IGrouping<string, FootprintRow> owner in ByOwner(footprint))
        {
            long all = owner.Sum(row => row.Bytes);
            long back = owner.Where(row => row.Reclaimable).Sum(row => row.Bytes);
            FootprintRow most = owner.First();
            table.AddRow(
                new Text(owner.Key),
                new Text(Mebibytes(all)),
                new Text(Mebibytes(back)),
                new Text(Mebibytes(all - back)),
                new Text(owner.Count() == 1 ? Name(most) : $"{Name(most)}: {Mebibytes(most.Bytes)}")
            );
        }
        AddTotals(table, footprint);
        return table;
    }

    /// <summary>Every row below its owner.</summary>
    public static Tree Tree(Footprint footprint)
    {
        Tree tree = new(new Text($"used: {Mebibytes(footprint.UsedBytes)}"));
        foreach (IGrouping<string, FootprintRow> owner in ByOwner(footprint))
        {
            TreeNode node = tree.AddNode(new Text($"{Mebibytes(owner.Sum(row => row.Bytes))}  {owner.Key}"));
            long small = 0;
            int smallRows = 0;
            bool several = owner.Count(row => row.Bytes < Smallest) > 1;
            foreach (FootprintRow row in owner)
            {
                if (several && row.Bytes < Smallest)
                {
                    (small, smallRows) = (small + row.Bytes, smallRows + 1);
                    continue;
                }
                node.AddNode(new Text($"{Mebibytes(row.Bytes)}  {Name(row)}{(row.Reclaimable ? ", reclaimable" : "")}"));
            }
            if (smallRows > 0)
            {
                node.AddNode(new Text($"{Mebibytes(small)}  {smallRows} rows below 64 KiB each"));
            }
        }
        tree.AddNode(new Text($"{Mebibytes(footprint.RemainderBytes)}  remainder ({Share(footprint)} of what is used)"));
        if (footprint.Reserved.Count > 0)
        {
            TreeNode reserved = tree.AddNode(
                new Text($"{Mebibytes(footprint.Reserved.Sum(row => row.Bytes))}  reserved at boot, outside of MemTotal and of the sum")
            );
            foreach (FootprintRow row in footprint.Reserved)
            {
                reserved.AddNode(new Text($"{Mebibytes(row.Bytes)}  {row.Detail}"));
            }
        }
        return tree;
    }

    /// <summary>What changed.</summary>
    /// <param name="difference">Between what.</param>
    /// <param name="most">How many rows at most.</param>
    public static Table Changes(FootprintDifference difference, int most = int.MaxValue)
    {
        Table table = Tables.Plain("change", "before", "after", "owner", "what");
        Right(table, 0, 1, 2);
        foreach (RowChange row in difference.Rows.Take(most))
        {
            Add(row.Before, row.After, row.Owner, row.Detail is null ? row.Kind : $"{row.Kind}: {row.Detail}");
        }
        if (difference.Rows.Count > most)
        {
            IEnumerable<RowChange> others = difference.Rows.Skip(most);
            Add(others.Sum(row => row.Before), others.Sum(row => row.After), $"{difference.Rows.Count - most} other rows", "");
        }
        table.AddEmptyRow();
        Add(difference.RemainderBefore, difference.RemainderAfter, "remainder", "");
        Add(difference.UsedBefore, difference.UsedAfter, "used", "MemTotal - MemFree");
        return table;

        void Add(long before, long after, string owner, string what) =>
            table.AddRow(
                new Text((after > before ? "+" : "") + Mebibytes(after - before)),
                new Text(Mebibytes(before)),
                new Text(Mebibytes(after)),
                new Text(owner),
                new Text(what)
            );
    }

    /// <summary>What stands beside the rows.</summary>
    public static IReadOnlyList<string> Legend(Footprint footprint)
    {
        List<string> lines = ["reclaimable: the kernel takes it back when memory is wanted; pinned: it stays. used: MemTotal - MemFree."];
        long reserved = footprint.Reserved.Sum(row => row.Bytes);
        if (reserved > 0)
        {
            lines.Add($"The kernel reserved {Mebibytes(reserved)} more at boot, which MemTotal does not count.");
        }
        lines.AddRange(footprint.Facts);
        return lines;
    }

    private static OrderedSequence<IGrouping<string, FootprintRow>> ByOwner(Footprint footprint) =>
        footprint
            .Rows.GroupBy(row => row.Owner, StringComparer.Ordinal)
            .OrderByDescending(owner => owner.Sum(row => row.Bytes))
            .ThenBy(owner => owner.Key, StringComparer.Ordinal);

    private static void AddTotals(Table table, Footprint footprint)
    {
        table.AddEmptyRow();
        table.AddRow(
            new Text("remainder"),
            new Text(Mebibytes(footprint.RemainderBytes)),
            Text.Empty,
            Text.Empty,
            new Text($"{Share(footprint)} of what is used")
        );
        table.AddRow(
            new Text("used"),
            new Text(Mebibytes(footprint.UsedBytes)),
            new Text(Mebibytes(footprint.Rows.Where(row => row.Reclaimable).Sum(row => row.Bytes))),
            new Text(Mebibytes(footprint.Rows.Where(row => !row.Reclaimable).Sum(row => row.Bytes))),
            new Text($"of {Mebibytes(footprint.TotalBytes)}")
        );
    }

    private static void Right(Table table, params int[] columns)
    {
        foreach (int column in columns)
        {
            table.Columns[column].RightAligned();
        }
    }

    private static string Name(FootprintRow row) => row.Detail is null ? row.Kind : $"{row.Kind}: {row.Detail}";

    private static string Share(Footprint footprint) =>
        string.Create(CultureInfo.InvariantCulture, $"{footprint.RemainderShare * 100:0.0} %");

    private static string Mebibytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MiB");
}
