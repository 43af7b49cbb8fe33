using System.Text;
using Rootcast.Contract;
using Rootcast.Init.Stages;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Overlays;

/// <summary>A writable root over a tree that cannot be written: overlayfs, whose upper half is in memory (<see cref="OverlayMemory"/>), on a device
/// (<see cref="OverlayDevice"/>), or nowhere (<c>rootcast.overlay=none</c>).</summary>
public static class OverlayRoot
{
    /// <summary>The modules that the plan's overlay needs.</summary>
    public static IReadOnlyList<string> Modules(BootPlan plan) => plan.Overlay == BootPlan.NoOverlay ? [] : ["overlay"];

    /// <summary>Mounts the root.</summary>
    /// <param name="boot">The boot, with the plan's overlay.</param>
    /// <param name="lower">Where the tree is mounted; it stays.</param>
    /// <param name="root">An empty directory.</param>
    public static void Mount(Boot boot, string lower, string root)
    {
        BootPlan plan = boot.Plan;
        if (plan.Overlay == BootPlan.NoOverlay)
        {
            Mounting.Bind(lower, root);
            boot.Journal.Say($"rootcast.overlay={BootPlan.NoOverlay}: the root is read-only");
            return;
        }
        if (plan.OverlayDevice is null)
        {
            OverlayMemory.Mount(boot);
            MountOver(OverlayMemory.Place + "/upper", OverlayMemory.Place + "/work", lower, root);
            return;
        }
        if (OverlayDevice.Mount(boot) is not { } kept)
        {
            OverlayMemory.Mount(boot);
            MountOver(OverlayMemory.Place + "/upper", OverlayMemory.Place + "/work", lower, root);
            return;
        }
        (string upper, string work) = OverlayDevice.Halves(plan.OverlayLayout, kept);
        if (plan.OverlayLayout == OverlayLayout.Rootcast)
        {
            CheckBase(boot, kept);
        }
        if (plan.OverlayReadOnly)
        {
            OverlayMemory.Mount(boot);
            MountOver(
                OverlayMemory.Place + "/upper",
                OverlayMemory.Place + "/work",
                FileNodes.Exists(upper) ? $"{upper}:{lower}" : lower,
                root
            );
            boot.Journal.Say($"what {plan.Overlay} holds is there, and what is written goes to memory");
            return;
        }
        MountOver(upper, work, lower, root);
        boot.Journal.Say($"what is written is kept on {plan.Overlay}");
    }

    private static void MountOver(string upper, string work, string lower, string root)
    {
        MakeUpper(upper, lower);
        ApiFileSystems.MakeDirectory(work);
        Mounting.Mount("overlay", "rootcast", root, MountFlags.None, $"lowerdir={lower},upperdir={upper},workdir={work}");
    }

    /// <summary>The root directory of an overlay has owner and mode of the upper half's: a new one takes them from the tree.</summary>
    private static void MakeUpper(string upper, string lower)
    {
        if (FileNodes.Exists(upper))
        {
            return;
        }
        byte[] name = Encoding.UTF8.GetBytes(upper);
        FileStatus tree = FileNodes.Status(null, Encoding.UTF8.GetBytes(lower[(lower.LastIndexOf(':') + 1)..]));
        FileNodes.MakeDirectory(null, name, 0x1C0);
        FileNodes.ChangeOwner(null, name, tree.Uid, tree.Gid);
        FileNodes.ChangeMode(null, name, tree.Permissions);
    }

    /// <summary>An upper half belongs to the tree that it was written over. Over another it still works, file by file: what was written hides what
    /// the new tree has, which may be half of an update. So that is said, and not refused.</summary>
    private static void CheckBase(Boot boot, string kept)
    {
        if (boot.Plan.Artefact is not { } identity)
        {
            return;
        }
        string record = kept + "/base";
        string? known = SmallFile.TryReadText(record);
        if (known is null && !boot.Plan.OverlayReadOnly)
        {
            SmallFile.Write(record, identity.Digest + "\n");
        }
        else if (known is not null && known != identity.Digest)
        {
            boot.Journal.Problem(
                $"{boot.Plan.Overlay} was written over another image ({known}): what it holds hides files of this one; "
                    + "rootcast.overlay.reset begins anew"
            );
        }
    }
}
