using Rootcast.Contract;
using Rootcast.Init.Carriers;
using Rootcast.Init.Overlays;
using Rootcast.Init.RootDaemons;
using Rootcast.Init.Stages;

namespace Rootcast.Init.Forms;

/// <summary>A read-only file system image below an overlay. Everything is mounted below /run/rootcast and so stays visible: <c>image</c> (tmpfs that
/// holds a fetched artefact), <c>lower</c> (the file system), and what <see cref="OverlayRoot"/> mounts.</summary>
internal static class OverlaidImage
{
    private const string Lower = InitramfsPaths.RunDirectory + "/lower";

    /// <summary>Loads what is needed.</summary>
    /// <param name="boot">The boot.</param>
    /// <param name="type">The file system, which is also the form's name and the module's.</param>
    public static void Prepare(Boot boot, string type)
    {
        if (boot.Plan.Daemon is { } daemon)
        {
            RootDaemonStart.Prepare(boot, daemon);
            boot.Modules.RequireAll($"form {type}", [.. OverlayRoot.Modules(boot.Plan)]);
            return;
        }
        string[] needed = HeldImage.NeedsLoop(boot.Plan) ? [type, "loop"] : [type];
        boot.Modules.RequireAll($"form {type}", [.. needed, .. OverlayRoot.Modules(boot.Plan)]);
    }

    /// <summary>Mounts it and the overlay.</summary>
    public static void Mount(Boot boot, IArtefactSource source, string type, string root)
    {
        string image = HeldImage.Hold(boot, source, type);
        if (boot.Plan.Daemon is { } daemon)
        {
            OverlayRoot.Mount(boot, RootDaemonStart.Serve(boot, daemon, image).Served, root);
            return;
        }
        ApiFileSystems.MakeDirectory(Lower);
        HeldImage.Mount(boot, image, type, Lower);
        OverlayRoot.Mount(boot, Lower, root);
    }
}
