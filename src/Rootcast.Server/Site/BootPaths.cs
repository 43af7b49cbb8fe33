using Rootcast.Contract;
using Rootcast.Server.Http;

namespace Rootcast.Server.Site;

/// <summary>The paths under which a machine finds what it boots; the same on a server and in a static tree. Blobs are at <see cref="BlobPath"/>.</summary>
public static class BootPaths
{
    /// <summary>iPXE's script. On a server it takes <c>?mac=</c>, <c>?image=</c>, <c>?form=</c> and <c>?carrier=</c>.</summary>
    public const string Script = "/boot.ipxe";

    /// <summary>The script of the EL6 article.</summary>
    public const string El6Script = "/el6.ipxe";

    /// <summary>One EFI program for UEFI's HTTP Boot; takes what the script takes.</summary>
    public const string EfiProgram = "/boot.efi";

    private const string Images = "/images/";
    private const string InitrdName = "initrd.img";

    /// <summary>The initrd that carries a form's artefact: <c>/images/HEX/FORM/initrd.img</c>.</summary>
    /// <param name="imageDigest"><c>sha256:HEX</c> of the image.</param>
    /// <param name="form">The form.</param>
    public static string Initrd(string imageDigest, Form form) =>
        $"{Images}{imageDigest["sha256:".Length..]}/{Names.Of(form)}/{InitrdName}";

    /// <summary>Image (hexadecimal digits) and form of such a path; null for every other one.</summary>
    public static (string Hex, Form Form)? ReadInitrd(string path)
    {
        string[] words = path.StartsWith(Images, StringComparison.Ordinal) ? path[Images.Length..].Split('/') : [];
        return words is [var hex, var name, InitrdName] && ArtefactIdentity.IsDigest("sha256:" + hex) && Names.FormOf(name) is { } form
            ? (hex, form)
            : null;
    }
}
