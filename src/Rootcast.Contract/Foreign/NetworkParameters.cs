namespace Rootcast.Contract.Foreign;

/// <summary><c>ip=</c> in dracut's and live-boot's forms said in the kernel's form, and which network card is meant.</summary>
internal static class NetworkParameters
{
    public static void Translate(ForeignLine line, bool liveBoot)
    {
        FoundArgument? wanted = line.Last("bootdev", "ethdevice");
        string? device = wanted?.Value.Split(',')[0];
        FoundArgument? ip = Choose(line, device);
        if (line.On("rd.neednet") is { } need)
        {
            line.Emit(need.Text, "rootcast.network", null);
        }
        if (Card(line, wanted, device, ip) is var (link, text))
        {
            line.Emit(text, "rootcast.link", link);
        }
        if (ip is { } argument)
        {
            string? value = liveBoot && IsOldLiveBoot(argument.Value) ? FromLiveBoot(argument.Value) : FromDracut(line, argument);
            if (value is not null)
            {
                line.Emit(argument.Text, "ip", NameServers(line, IsMadeUp(line, DeviceOf(value)) ? WithoutDevice(value) : value));
            }
        }
        else if (line.Last("nameserver", "dns") is { } server)
        {
            line.Refuse(server, "it counts only beside an ip= with an address; else DHCP names the servers");
        }
    }

    /// <summary>The last ip=, or the one that is about the device that bootdev= names.</summary>
    private static FoundArgument? Choose(ForeignLine line, string? device)
    {
        FoundArgument? last = null;
        FoundArgument? named = null;
        foreach (FoundArgument found in line.All())
        {
            if (found.Argument.Is("ip"))
            {
                last = found;
                named = device is not null && DeviceOf(found.Value) == device ? found : named;
            }
        }
        return named ?? last;
    }

    /// <summary>Which card: by the address that the boot loader used (BOOTIF), or by name; ifname= says which address a made-up name has.</summary>
    private static (string Link, int Text)? Card(ForeignLine line, FoundArgument? wanted, string? device, FoundArgument? ip)
    {
        string? name = device ?? (ip is { } argument ? DeviceOf(argument.Value) : null);
        foreach (FoundArgument found in line.All())
        {
            int colon = found.Value.IndexOf(':', StringComparison.Ordinal);
            if (found.Argument.Is("ifname") && colon > 0 && found.Value[..colon] == name)
            {
                return HardwareAddress(found.Value[(colon + 1)..]) is { } given ? (given, found.Text) : Refused(line, found);
            }
        }
        if (wanted is { } chosen && device is not null)
        {
            return (device, chosen.Text);
        }
        if (line.Last("BOOTIF") is not { } boot || line.Last("rd.bootif") is { IsOn: false })
        {
            return null;
        }
        return HardwareAddress(boot.Value) is { } address ? (address, boot.Text) : Refused(line, boot);
    }

    /// <summary>Whether ifname= gives that name to a card. Init chooses the card by its address and leaves it its name.</summary>
    private static bool IsMadeUp(ForeignLine line, string? device)
    {
        foreach (FoundArgument found in line.All())
        {
            if (device is not null && found.Argument.Is("ifname") && found.Value.StartsWith(device + ":", StringComparison.Ordinal))
            {
                line.Notes.Add($"{found}: the card is used, and keeps the kernel's name");
                return true;
            }
        }
        return false;
    }

    private static string WithoutDevice(string ip)
    {
        const int deviceAt = 5;
        string[] fields = Fields(ip);
        if (fields.Length <= deviceAt)
        {
            return fields[1];
        }
        fields[deviceAt] = "";
        return string.Join(':', fields);
    }

    private static (string Link, int Text)? Refused(ForeignLine line, FoundArgument argument)
    {
        line.Refuse(argument, "it is no hardware address");
        return null;
    }

    /// <summary>Reads <c>01-52-54-00-12-34-56</c> (PXELINUX: the kind of network stands first) and <c>52:54:00:12:34:56</c>.</summary>
    private static string? HardwareAddress(string text)
    {
        const int length = 17;
        string address = text.Replace('-', ':').ToLowerInvariant();
        if (address.Length == length + 3 && address.StartsWith("01:", StringComparison.Ordinal))
        {
            address = address[3..];
        }
        if (address.Length != length)
        {
            return null;
        }
        for (int i = 0; i < length; i++)
        {
            if (i % 3 == 2 ? address[i] != ':' : !char.IsAsciiHexDigitLower(address[i]) && !char.IsAsciiDigit(address[i]))
            {
                return null;
            }
        }
        return address;
    }

    private static string? DeviceOf(string ip)
    {
        const int deviceAt = 5;
        string[] fields = Fields(ip);
        return fields.Length > deviceAt ? (fields[deviceAt].Length > 0 ? fields[deviceAt] : null)
            : fields.Length > 1 && !char.IsAsciiDigit(fields[0].Length > 0 ? fields[0][0] : '0') ? fields[0]
            : null;
    }

    private static string? FromDracut(ForeignLine line, FoundArgument ip)
    {
        const int methodAt = 6;
        const int first = 7;
        string[] fields = Fields(ip.Value);
        if (fields.Length == 1)
        {
            return fields[0] switch
            {
                "single-dhcp" or "dhcp4" => "dhcp",
                "dhcp6" or "auto6" or "either6" or "link6" or "link-local" => NotSixth(line, ip),
                "ibft" => Unknown(line, ip, "init does not read the firmware's iSCSI table; it asks by DHCP"),
                _ => ip.Value,
            };
        }
        bool isShort = fields.Length <= 4 && IsMethod(fields[1]);
        string method =
            isShort ? fields[1]
            : fields.Length > methodAt ? fields[methodAt]
            : "";
        if (method is "dhcp6" or "auto6" or "either6" or "link6" || ip.Value.Contains('[', StringComparison.Ordinal))
        {
            return NotSixth(line, ip);
        }
        if (isShort)
        {
            Extra(line, ip, fields.AsSpan(2));
            return $"{fields[0]}:{(method is "single-dhcp" ? "dhcp" : method)}";
        }
        if (fields.Length > first && fields[first].Length > 0 && !fields[first].Contains('.', StringComparison.Ordinal))
        {
            // MTU and hardware address instead of name servers.
            Extra(line, ip, fields.AsSpan(first));
            return string.Join(':', fields, 0, first);
        }
        return ip.Value;
    }

    private static bool IsMethod(string text) =>
        text is "dhcp" or "on" or "any" or "off" or "none" or "dhcp4" or "single-dhcp" or "dhcp6" or "auto6" or "either6" or "link6";

    private static void Extra(ForeignLine line, FoundArgument ip, ReadOnlySpan<string> extra)
    {
        foreach (string field in extra)
        {
            if (field.Length > 0)
            {
                line.Refuse(ip, "MTU and hardware address are left as they are");
                return;
            }
        }
    }

    private static string? NotSixth(ForeignLine line, FoundArgument ip) => Unknown(line, ip, "init has no IPv6; it asks by DHCP for IPv4");

    private static string? Unknown(ForeignLine line, FoundArgument ip, string why)
    {
        line.Refuse(ip, why);
        return null;
    }

    /// <summary>live-boot's own form begins with a device: <c>DEVICE:CLIENT:NETMASK:GATEWAY:NAMESERVER</c>.</summary>
    private static bool IsOldLiveBoot(string value)
    {
        string[] fields = Fields(value);
        return fields.Length is 4 or 5
            && !IsMethod(fields[1])
            && fields[1].Contains('.', StringComparison.Ordinal)
            && !fields[0].Contains('.', StringComparison.Ordinal);
    }

    private static string FromLiveBoot(string value)
    {
        string[] fields = Fields(value);
        return $"{fields[1]}::{fields[3]}:{fields[2]}::{fields[0]}:none{(fields.Length > 4 && fields[4].Length > 0 ? ":" + fields[4] : "")}";
    }

    /// <summary>Puts servers that stand in arguments of their own where ip= has its name servers.</summary>
    private static string NameServers(ForeignLine line, string ip)
    {
        const int serversAt = 7;
        List<FoundArgument> servers = [];
        foreach (FoundArgument found in line.All())
        {
            if (found.Argument.Is("nameserver") || found.Argument.Is("dns"))
            {
                servers.Add(found);
            }
        }
        if (servers.Count == 0)
        {
            return ip;
        }
        string[] fields = Fields(ip);
        if (fields.Length < serversAt || fields[0].Length == 0)
        {
            line.Refuse(servers[^1], "it counts only beside an ip= with an address; else DHCP names the servers");
            return ip;
        }
        if (fields.Length > serversAt)
        {
            line.Refuse(servers[^1], "ip= names its servers itself");
            return ip;
        }
        List<string> addresses = [];
        foreach (FoundArgument server in servers)
        {
            addresses.AddRange(server.Value.Split(','));
        }
        const int most = 2;
        return $"{ip}:{string.Join(':', addresses.GetRange(0, Math.Min(most, addresses.Count)))}";
    }

    private static string[] Fields(string ip) => ip.Split(':');
}
