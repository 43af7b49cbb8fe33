namespace Rootcast.Formats.Zfs;

/// <summary>What a disk says of the ZFS pool that it belongs to, in its label ("ZFS On-Disk Specification", chapter 1).</summary>
/// <param name="Name">The pool's name.</param>
/// <param name="Pool">The pool's number.</param>
/// <param name="Disk">The disk's own number.</param>
/// <param name="Branches">How many top-level devices the pool has, those that were removed included.</param>
/// <param name="Branch">To which of them the disk belongs, from 0.</param>
/// <param name="Disks">Numbers of all disks of that one.</param>
public sealed record PoolLabel(string Name, ulong Pool, ulong Disk, ulong Branches, ulong Branch, IReadOnlyList<ulong> Disks)
{
    /// <summary>Bytes of a label from a disk's beginning, and of the second one behind it.</summary>
    public const int Bytes = 256 << 10;

    /// <summary>Where in a label its list of names and values begins.</summary>
    public const int ListOffset = 16 << 10;

    /// <summary>Bytes of that list, a checksum at their end included.</summary>
    public const int ListBytes = 112 << 10;

    private const int MostDisks = 1024;

    /// <summary>Reads a label.</summary>
    /// <param name="list">The list of names and values.</param>
    /// <returns>Null for what is no label of a disk of a pool that is in use: no pool, a destroyed one, a spare, a cache.</returns>
    public static PoolLabel? Read(ReadOnlySpan<byte> list)
    {
        const ulong destroyed = 2;
        try
        {
            NamedValues values = NamedValues.Read(list);
            if (
                values.Text("name") is not { Length: > 0 and < 256 } name
                || values.Number("pool_guid") is not { } pool
                || values.Number("guid") is not { } disk
                || values.Number("state") is not { } state
                || state >= destroyed
                || values.Number("vdev_children") is not { } branches
                || values.List("vdev_tree") is not { } tree
                || tree.Number("id") is not { } branch
            )
            {
                return null;
            }
            List<ulong> disks = [];
            Collect(tree, disks);
            return disks.Count <= MostDisks && disks.Contains(disk) ? new PoolLabel(name, pool, disk, branches, branch, disks) : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static void Collect(NamedValues tree, List<ulong> disks)
    {
        if (tree.Lists("children") is { Count: > 0 } children)
        {
            foreach (NamedValues child in children)
            {
                Collect(child, disks);
            }
        }
        else if (tree.Number("guid") is { } guid && disks.Count <= MostDisks)
        {
            disks.Add(guid);
        }
    }
}
