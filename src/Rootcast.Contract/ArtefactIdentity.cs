using System.Globalization;

namespace Rootcast.Contract;

/// <summary>What init must know of an artefact before it touches it.</summary>
/// <param name="Digest">SHA-256 as <c>sha256:</c> and 64 lower-case hexadecimal digits.</param>
/// <param name="Bytes">Length of the artefact.</param>
/// <param name="UnpackedBytes">What the tree takes once it is held in the form: for <c>tmpfs</c> the files' pages, for <c>ramdisk</c> the
/// allocated image, for <c>squashfs</c> nothing (0).</param>
public sealed record ArtefactIdentity(string Digest, long Bytes, long UnpackedBytes)
{
    /// <summary>Reads <c>sha256:HEX,BYTES,UNPACKED</c>.</summary>
    public static bool TryParse(string text, out ArtefactIdentity? identity)
    {
        identity = null;
        string[] parts = text.Split(',');
        if (
            parts.Length != 3
            || !IsDigest(parts[0])
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)
            || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out long unpacked)
        )
        {
            return false;
        }
        identity = new ArtefactIdentity(parts[0], bytes, unpacked);
        return true;
    }

    /// <summary>Whether the text is <c>sha256:</c> and 64 lower-case hexadecimal digits.</summary>
    public static bool IsDigest(string text) =>
        text.Length == 71 && text.StartsWith("sha256:", StringComparison.Ordinal) && !text.AsSpan(7).ContainsAnyExcept("0123456789abcdef");

    /// <summary>As <see cref="TryParse"/> reads it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Digest},{Bytes},{UnpackedBytes}");
}
