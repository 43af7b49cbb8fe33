using Rootcast.Contract;
using Rootcast.Init.Carriers;
using Rootcast.Init.Overlays;
using Rootcast.Init.Stages;

namespace Rootcast.Init.Forms;

/// <summary>Squashfs below an overlay. Everything is mounted below /run/rootcast and so stays visible: <c>image</c> (tmpfs that holds a fetched
/// artefact), <c>lower</c> (the squashfs), and what <see cref="OverlayRoot"/> mounts.</summary>
public sealed class SquashfsForm : IForm
{
    private const string Lower = InitramfsPaths.RunDirectory + "/lower";

    /// <inheritdoc/>
    public void Prepare(Boot boot)
    {
        string[] needed = HeldImage.NeedsLoop(boot.Plan) ? ["squashfs", "loop"] : ["squashfs"];
        boot.Modules.RequireAll("form squashfs", [.. needed, .. OverlayRoot.Modules(boot.Plan)]);
    }

    /// <inheritdoc/>
    public void Mount(Boot boot, IArtefactSource source, string root)
    {
        string image = HeldImage.Hold(boot, source, "squashfs");
        ApiFileSystems.MakeDirectory(Lower);
        HeldImage.Mount(boot, image, "squashfs", Lower);
        OverlayRoot.Mount(boot, Lower, root);
    }
}
