using Rootcast.Contract;
using Rootcast.Images.Store;

namespace Rootcast.Server.Site;

/// <summary>What one machine boots.</summary>
/// <param name="Image">The image.</param>
/// <param name="Artefact">Of the form that was chosen.</param>
/// <param name="Carrier"><see cref="Contract.Carrier.Http"/> or <see cref="Contract.Carrier.Initrd"/>.</param>
public sealed record BootChoice(StoredImage Image, ImageArtefact Artefact, Carrier Carrier)
{
    /// <summary>Forms that come over a network, the one that takes least memory and least time first.</summary>
    public static IReadOnlyList<Form> Preference { get; } =
    [Form.Squashfs, Form.Erofs, Form.Livefs, Form.Zram, Form.Tmpfs, Form.Ramdisk, Form.Initramfs];

    /// <summary>The kernel.</summary>
    public ImageKernel Kernel => Image.Manifest.Kernels[0];

    /// <summary>In words: <c>try, squashfs by http</c>.</summary>
    public string Title => $"{Image.Manifest.Name}, {Names.Of(Artefact.Form)} by {Names.Of(Carrier)}";

    /// <summary>Chooses of an image what was asked for, else what it has.</summary>
    /// <exception cref="UserError">It has no such form, or none that comes over a network, or the carrier cannot bring it.</exception>
    public static BootChoice Of(StoredImage image, Form? form, Carrier? carrier)
    {
        ImageArtefact? artefact = null;
        foreach (Form candidate in form is { } wanted ? [wanted] : Preference)
        {
            artefact ??= image.Manifest.Artefacts.FirstOrDefault(artefact => artefact.Form == candidate);
        }
        if (artefact is null || artefact.Form == Form.Disk)
        {
            throw new UserError(
                form is null or Form.Disk
                    ? $"The image '{image.Manifest.Name}' has no form that comes over a network."
                    : $"The image '{image.Manifest.Name}' has no form {Names.Of(form.Value)}.",
                "Cast it into one of " + string.Join(", ", Preference.Select(Names.Of)) + ".",
                UserErrorKind.Input
            );
        }
        Carrier fitting = carrier ?? (FormCarriers.Fit(artefact.Form, Carrier.Http) ? Carrier.Http : Carrier.Initrd);
        string? reason = fitting == Carrier.Disk ? "nothing is served then" : FormCarriers.WhyNot(artefact.Form, fitting);
        return reason is null
            ? new BootChoice(image, artefact, fitting)
            : throw new UserError(
                $"The form {Names.Of(artefact.Form)} cannot come by carrier {Names.Of(fitting)}: {reason}.",
                "Take http or initrd, or leave the carrier out.",
                UserErrorKind.Input
            );
    }

    /// <summary>What <c>/init</c> is to do.</summary>
    /// <param name="url">Where the artefact is fetched by carrier <c>http</c>.</param>
    public BootPlan Plan(string url) =>
        new()
        {
            Form = Artefact.Form,
            Carrier = Carrier,
            Artefact = Artefact.Identity,
            Url = Carrier == Carrier.Http ? url : null,
        };
}
