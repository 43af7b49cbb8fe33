using System.Security.Cryptography;
using System.Text;
using Rootcast.Contract;
using Rootcast.Images.Boot;

namespace Rootcast.Images.Loaders;

/// <summary>Labels of ISOs.</summary>
public static class IsoLabel
{
    /// <summary>How long a label can be (ECMA-119, 8.4.7).</summary>
    public const int Longest = 32;

    /// <summary>Whether every reader takes it: capital letters, digits and underscores.</summary>
    public static bool IsValid(string label) =>
        label.Length is > 0 and <= Longest && label.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_');

    /// <summary>The image's name, as far as it goes, and eight digits that tell ISOs with other content apart: GRUB under UEFI finds its medium by this.</summary>
    public static string Of(ImageManifest image, IReadOnlyList<BootRequest> boots)
    {
        string content = string.Join(
            '\n',
            [
                image.Initramfs.Digest,
                .. image.Kernels.Select(kernel => kernel.Blob.Digest),
                .. image.Artefacts.Select(artefact => artefact.Blob.Digest),
                .. boots.Select(boot => $"{boot.Plan.ToArguments()} {boot.KernelVersion} {boot.Arguments}"),
            ]
        );
        string digits = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(content)))[..8];
        string name = string.Concat(image.Name.ToUpperInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return $"{name[..Math.Min(name.Length, Longest - 9)]}_{digits}";
    }
}
