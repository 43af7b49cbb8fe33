using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Files;

namespace Rootcast.Linux.Network;

/// <summary>The links of this machine.</summary>
public static class NetworkLinks
{
    private const string Class = "/sys/class/net";

    /// <summary>All links, by their index.</summary>
    public static List<NetworkLink> List()
    {
        List<NetworkLink> links = [];
        using SafeFileHandle directory = FileNodes.TryOpen(
            null,
            "/sys/class/net"u8,
            OpenFlags.ReadOnly | OpenFlags.Directory,
            0,
            out int errno
        );
        if (errno != 0)
        {
            return links;
        }
        foreach (DirectoryItem item in DirectoryListing.Read(directory, Class))
        {
            if (Read(Encoding.UTF8.GetString(item.Name)) is { } link)
            {
                links.Add(link);
            }
        }
        links.Sort(static (a, b) => a.Index.CompareTo(b.Index));
        return links;
    }

    /// <summary>One link; null when there is none of that name (any more).</summary>
    public static NetworkLink? Read(string name)
    {
        string path = $"{Class}/{name}";
        if (Number($"{path}/ifindex") is not { } index || Number($"{path}/type") is not { } kind)
        {
            return null;
        }
        return new NetworkLink(
            name,
            index,
            HardwareAddress(SmallFile.TryReadText($"{path}/address") ?? ""),
            kind,
            Driver(path),
            Exists($"{path}/wireless") || Exists($"{path}/phy80211"),
            // Reading it fails while the link is down.
            SmallFile.TryReadText($"{path}/carrier") == "1",
            SmallFile.TryReadText($"{path}/operstate") ?? "unknown"
        );
    }

    /// <summary>Reads <c>52:54:00:12:34:56</c>; empty for anything else.</summary>
    internal static byte[] HardwareAddress(string text)
    {
        string[] parts = text.Split(':');
        byte[] bytes = new byte[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!byte.TryParse(parts[i], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[i]))
            {
                return [];
            }
        }
        return bytes;
    }

    /// <summary>The driver of the device. A virtio device's own has one; a device whose driver keeps no link is still a device.</summary>
    private static string? Driver(string path)
    {
        if (!Exists($"{path}/device"))
        {
            return null;
        }
        byte[] driver = Encoding.UTF8.GetBytes($"{path}/device/driver");
        if (!FileNodes.TryStatus(null, driver, followLinks: false, out _, out _))
        {
            return "unknown driver";
        }
        string target = Encoding.UTF8.GetString(FileNodes.ReadLink((SafeFileHandle?)null, driver));
        return target[(target.LastIndexOf('/') + 1)..];
    }

    private static bool Exists(string path) => FileNodes.Exists(path);

    private static int? Number(string path) =>
        int.TryParse(SmallFile.TryReadText(path), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
