using Microsoft.Win32.SafeHandles;
using Rootcast.Formats.Zfs;
using Rootcast.Linux;
using Rootcast.Linux.Files;

namespace Rootcast.Init.Zfs;

/// <summary>The pools that the labels of the disks tell of. Reading them takes a moment, where <c>zpool import</c> opens each pool to say as much.</summary>
public sealed class LabelledPools
{
    private readonly Dictionary<string, PoolLabel?> labels = new(StringComparer.Ordinal);

    /// <summary>Looks at a disk, once.</summary>
    /// <param name="device">Its path.</param>
    public void Look(string device)
    {
        if (!labels.ContainsKey(device))
        {
            labels[device] = Read(device);
        }
    }

    /// <summary>Number of the pool on a disk; null for none.</summary>
    public string? On(string device)
    {
        Look(device);
        return labels[device] is { } label ? NumberOf(label) : null;
    }

    /// <summary>The pools of which every disk is there. One that lacks a disk, or of which devices were removed, is not among them, and nor is anything that another label
    /// contradicts: zpool(8) has to say of it.</summary>
    public IReadOnlyList<FoundPool> Whole() =>
        [
            .. labels
                .Values.OfType<PoolLabel>()
                .GroupBy(label => label.Pool)
                .Where(IsWhole)
                .Select(pool => new FoundPool(pool.First().Name, NumberOf(pool.First()), "ONLINE", "")),
        ];

    /// <summary>How many pools there are, whole or not.</summary>
    public int Count => labels.Values.OfType<PoolLabel>().Select(label => label.Pool).Distinct().Count();

    private static bool IsWhole(IEnumerable<PoolLabel> pool)
    {
        HashSet<ulong> disks = [];
        Dictionary<ulong, PoolLabel> branches = [];
        ulong count = 0;
        foreach (PoolLabel label in pool)
        {
            disks.Add(label.Disk);
            branches[label.Branch] = label;
            count = Math.Max(count, label.Branches);
        }
        return (ulong)branches.Count == count && branches.Values.All(branch => branch.Disks.All(disks.Contains));
    }

    private static string NumberOf(PoolLabel label) => label.Pool.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static PoolLabel? Read(string device)
    {
        byte[] list = new byte[PoolLabel.ListBytes];
        try
        {
            using SafeFileHandle disk = FileNodes.Open(device, OpenFlags.ReadOnly);
            for (int label = 0; label < 2; label++)
            {
                if (
                    FileData.ReadAt(disk, list, (label * PoolLabel.Bytes) + PoolLabel.ListOffset, device) == list.Length
                    && PoolLabel.Read(list) is { } found
                )
                {
                    return found;
                }
            }
        }
        catch (LinuxException)
        {
            // A drive without a medium, or one that does not answer: others may have the pool.
        }
        return null;
    }
}
