using System.Globalization;
using System.Text;

namespace Rootcast.Contract.Foreign;

/// <summary>Names of block devices as other initramfs write them.</summary>
internal static class DeviceName
{
    private const string ByLabel = "/dev/disk/by-label/";
    private const string ByUuid = "/dev/disk/by-uuid/";
    private const string ByPartition = "/dev/disk/by-partuuid/";

    /// <summary>The name as the boot plan has it (<c>LABEL=…</c>, <c>UUID=…</c>, <c>/dev/…</c>); null for what init can't look for.</summary>
    public static string? Of(string text)
    {
        if (text.StartsWith("CDLABEL=", StringComparison.Ordinal))
        {
            return "LABEL=" + Unescape(text["CDLABEL=".Length..]);
        }
        if (text.StartsWith("LABEL=", StringComparison.Ordinal))
        {
            return "LABEL=" + Unescape(text["LABEL=".Length..]);
        }
        if (text.StartsWith("UUID=", StringComparison.Ordinal) || text.StartsWith("PARTUUID=", StringComparison.Ordinal))
        {
            return text;
        }
        if (text.StartsWith(ByLabel, StringComparison.Ordinal))
        {
            return "LABEL=" + Unescape(text[ByLabel.Length..]);
        }
        if (text.StartsWith(ByUuid, StringComparison.Ordinal))
        {
            return "UUID=" + text[ByUuid.Length..];
        }
        if (text.StartsWith(ByPartition, StringComparison.Ordinal))
        {
            return "PARTUUID=" + text[ByPartition.Length..];
        }
        return text.StartsWith("/dev/", StringComparison.Ordinal) && !text.StartsWith("/dev/disk/", StringComparison.Ordinal) ? text : null;
    }

    /// <summary>udev writes what may not stand in a file's name as <c>\x20</c>.</summary>
    private static string Unescape(string text)
    {
        const int length = 4;
        if (!text.Contains("\\x", StringComparison.Ordinal))
        {
            return text;
        }
        StringBuilder plain = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (
                i + length <= text.Length
                && text[i] == '\\'
                && text[i + 1] == 'x'
                && byte.TryParse(text.AsSpan(i + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte code)
                && code is > 0 and < 0x80
            )
            {
                plain.Append((char)code);
                i += length - 1;
                continue;
            }
            plain.Append(text[i]);
        }
        return plain.ToString();
    }
}
