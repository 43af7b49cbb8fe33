namespace Rootcast.Images.Forms;

/// <summary>What the layouts of pools are called, take and give.</summary>
public static class PoolLayouts
{
    private static readonly (PoolLayout Layout, string Name, int Least)[] All =
    [
        (PoolLayout.Single, "single", 1),
        (PoolLayout.Mirror, "mirror", 2),
        (PoolLayout.Raidz1, "raidz1", 2),
        (PoolLayout.Raidz2, "raidz2", 3),
        (PoolLayout.Raidz3, "raidz3", 4),
        (PoolLayout.Raid10, "raid10", 4),
    ];

    /// <summary>The names, as a recipe has them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(one => one.Name)];

    /// <summary>The layout of a name.</summary>
    public static PoolLayout Of(string name) => All.First(one => one.Name == name).Layout;

    /// <summary>The name of a layout.</summary>
    public static string NameOf(PoolLayout layout) => All.First(one => one.Layout == layout).Name;

    /// <summary>With how many disks a layout begins.</summary>
    public static int LeastDisks(PoolLayout layout) => All.First(one => one.Layout == layout).Least;

    /// <summary>How many of the disks hold what has been written, the others what restores it: the size of the pool in disks.</summary>
    public static int DataDisks(PoolLayout layout, int disks) =>
        layout switch
        {
            PoolLayout.Mirror => 1,
            PoolLayout.Raidz1 => disks - 1,
            PoolLayout.Raidz2 => disks - 2,
            PoolLayout.Raidz3 => disks - 3,
            PoolLayout.Raid10 => disks / 2,
            _ => disks,
        };

    /// <summary>The disks as <c>zpool create</c> takes them.</summary>
    public static IReadOnlyList<string> Devices(PoolLayout layout, IReadOnlyList<string> disks) =>
        layout switch
        {
            PoolLayout.Single => disks,
            PoolLayout.Raid10 => [.. disks.Chunk(2).SelectMany(pair => (string[])["mirror", .. pair])],
            _ => [NameOf(layout), .. disks],
        };
}
