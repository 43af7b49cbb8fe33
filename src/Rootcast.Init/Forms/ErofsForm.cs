using Rootcast.Init.Carriers;

namespace Rootcast.Init.Forms;

/// <summary>EROFS below an overlay: read faster than squashfs, and mounted without a loop device where the kernel can.</summary>
public sealed class ErofsForm : IForm
{
    private const string Type = "erofs";

    /// <inheritdoc/>
    public void Prepare(Boot boot) => OverlaidImage.Prepare(boot, Type);

    /// <inheritdoc/>
    public void Mount(Boot boot, IArtefactSource source, string root) => OverlaidImage.Mount(boot, source, Type, root);
}
