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

    private const string Boots = "/boots/";
    private const string Machines = "/mac/";
    private const string Secrets = "/secrets";
    private const string Images = "/images/";
    private const string InitrdName = "initrd.img";

    /// <summary>The initrd that carries a form's artefact: <c>/images/HEX/FORM/initrd.img</c>.</summary>
    /// <param name="imageDigest"><c>sha256:HEX</c> of the image.</param>
    /// <param name="form">The form.</param>
    public static string Initrd(string imageDigest, Form form) =>
        $"{Images}{imageDigest["sha256:".Length..]}/{Names.Of(form)}/{InitrdName}";

    /// <summary><see cref="Script"/> for one machine, as DHCP names it to iPXE, which fills in what else it knows of the machine.</summary>
    public static string ScriptOf(string macAddress) => $"{Script}?mac={macAddress}&uuid=${{uuid}}&serial=${{serial:uristring}}";

    /// <summary>Where a boot tells of itself: <c>/boots/KEY</c>.</summary>
    public static string Boot(string key) => Boots + key;

    /// <summary>The boot of such a path; null for every other one.</summary>
    public static string? ReadBoot(string path) => path.StartsWith(Boots, StringComparison.Ordinal) ? path[Boots.Length..] : null;

    /// <summary>The secrets of one boot: <c>/boots/KEY/secrets</c>.</summary>
    public static string BootSecrets(string key) => $"{Boots}{key}{Secrets}";

    /// <summary>The boot of such a path; null for every other one.</summary>
    public static string? ReadBootSecrets(string path) =>
        path.StartsWith(Boots, StringComparison.Ordinal) && path.EndsWith(Secrets, StringComparison.Ordinal)
            ? path[Boots.Length..^Secrets.Length]
            : null;

    /// <summary>The initrd of one boot, where the node has something of its own: <c>/boots/KEY/initrd.img</c>.</summary>
    public static string BootInitrd(string key) => $"{Boots}{key}/{InitrdName}";

    /// <summary>The boot of such a path; null for every other one.</summary>
    public static string? ReadBootInitrd(string path) =>
        path.StartsWith(Boots, StringComparison.Ordinal) && path.EndsWith("/" + InitrdName, StringComparison.Ordinal)
            ? path[Boots.Length..^(InitrdName.Length + 1)]
            : null;

    /// <summary><see cref="EfiProgram"/> for one machine: firmware may look at how a path ends, and not pass on what stands behind a question mark.</summary>
    public static string EfiProgramOf(string macAddress) => Machines + macAddress.Replace(':', '-') + EfiProgram;

    /// <summary>The hardware address of such a path; null for every other one.</summary>
    public static string? ReadEfiProgram(string path) =>
        path.StartsWith(Machines, StringComparison.Ordinal) && path.EndsWith(EfiProgram, StringComparison.Ordinal)
            ? path[Machines.Length..^EfiProgram.Length]
            : null;

    /// <summary>Image (hexadecimal digits) and form of such a path; null for every other one.</summary>
    public static (string Hex, Form Form)? ReadInitrd(string path)
    {
        string[] words = path.StartsWith(Images, StringComparison.Ordinal) ? path[Images.Length..].Split('/') : [];
        return words is [var hex, var name, InitrdName] && ArtefactIdentity.IsDigest("sha256:" + hex) && Names.FormOf(name) is { } form
            ? (hex, form)
            : null;
    }
}
