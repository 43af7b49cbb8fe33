using Rootcast.Contract;
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
    public static void Mount(Boot boot) => Mount(boot.Plan, boot.Plan.OverlaySize);

    /// <summary>Mounts it with a size of the form's own.</summary>
    public static void Mount(BootPlan plan, SizeBound size)
    {
        ApiFileSystems.MakeDirectory(Place);
        string inodes = plan.OverlayInodes is { } count ? $",nr_inodes={count}" : "";
        Mounting.Mount("tmpfs", "rootcast-overlay", Place, MountFlags.NoAccessTime, $"size={size}{inodes},mode=0755");
    }
}
