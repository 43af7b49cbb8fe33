using Rootcast.Init.Carriers;

namespace Rootcast.Init.Forms;

/// <summary>Squashfs below an overlay: the smallest artefact.</summary>
public sealed class SquashfsForm : IForm
{
    private const string Type = "squashfs";

    /// <inheritdoc/>
    public void Prepare(Boot boot) => OverlaidImage.Prepare(boot, Type);

    /// <inheritdoc/>
    public void Mount(Boot boot, IArtefactSource source, string root) => OverlaidImage.Mount(boot, source, Type, root);
}
