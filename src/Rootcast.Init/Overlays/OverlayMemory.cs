using Rootcast.Contract;
using Rootcast.Init.Forms;
using Rootcast.Init.Stages;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Overlays;

/// <summary>The tmpfs for what is written. It moves into the tree with /run, so the running system sees its use (<c>df</c>) and can change its bound
/// (<c>mount -o remount,size=…</c>).</summary>
public static class OverlayMemory
{
    /// <summary>Where it is mounted.</summary>
    public const string Place = InitramfsPaths.RunDirectory + "/overlay";

    /// <summary>Mounts it with the plan's bounds.</summary>
    public static void Mount(Boot boot) =>
        Mount(boot, boot.Plan.OverlaySize, boot.Plan.OverlayInodes is { } count ? $",nr_inodes={count}" : "");

    /// <summary>Mounts it for one file of so many bytes.</summary>
    public static void Mount(Boot boot, long bytes)
    {
        const int slack = 1 << 20;
        Mount(boot, SizeBound.Bytes(bytes + slack), "");
    }

    private static void Mount(Boot boot, SizeBound size, string inodes)
    {
        ApiFileSystems.MakeDirectory(Place);
        MemoryFileSystem.Mount(boot, "rootcast-overlay", Place, $"size={size}{inodes},mode=0755", MountFlags.NoAccessTime);
    }
}
