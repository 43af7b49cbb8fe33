using System.Net;
using Rootcast.Contract;

namespace Rootcast.Init.Network;

/// <summary><c>ip=</c> as the kernel's Documentation/admin-guide/nfs/nfsroot.rst has it:
/// <c>CLIENT:SERVER:GATEWAY:NETMASK:HOSTNAME:DEVICE:AUTOCONF:DNS0:DNS1</c>, or <c>dhcp</c>, <c>off</c>, <c>DEVICE:dhcp</c>.</summary>
public sealed record IpArgument
{
    private const int ServerAt = 1;
    private const int GatewayAt = 2;
    private const int NetmaskAt = 3;
    private const int HostNameAt = 4;
    private const int DeviceAt = 5;
    private const int MethodAt = 6;
    private const int NameServersAt = 7;

    /// <summary>One time server may follow the name servers; it is not used.</summary>
    private const int MostFields = 10;

    /// <summary>How the address comes.</summary>
    public IpMethod Method { get; init; } = IpMethod.Dhcp;

    /// <summary>The only link to use; null for any.</summary>
    public string? Device { get; init; }

    /// <summary>The client's address, when it is static.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>Of <see cref="Address"/>: 0 to 32.</summary>
    public int PrefixLength { get; init; }

    /// <summary>Of the default route.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>At most two.</summary>
    public IReadOnlyList<IPAddress> NameServers { get; init; } = [];

    /// <summary>The client's name.</summary>
    public string? HostName { get; init; }

    /// <summary>Reads the argument's value; null, that is no argument at all, asks by DHCP on every link.</summary>
    /// <exception cref="UserError">It is not understood.</exception>
    public static IpArgument Parse(string? text)
    {
        if (text is null)
        {
            return new IpArgument();
        }
        string[] fields = text.Split(':');
        if (fields.Length == 1 && MethodOf(fields[0]) is { } only)
        {
            return new IpArgument { Method = only };
        }
        const int deviceAndMethod = 2;
        if (
            fields.Length == deviceAndMethod
            && Ipv4Text.Parse(fields[0]) is null
            && MethodOf(fields[1]) is { } method
            && fields[0].Length > 0
        )
        {
            return new IpArgument { Device = fields[0], Method = method };
        }
        if (text.Contains('[', StringComparison.Ordinal) || fields.Length > MostFields)
        {
            throw Wrong(text, text.Contains('[', StringComparison.Ordinal) ? "IPv6 is not configured by it" : "it has too many fields");
        }
        return ParseFields(text, fields);
    }

    private static IpArgument ParseFields(string text, string[] fields)
    {
        IPAddress? address = AddressField(0, "client");
        _ = AddressField(ServerAt, "server");
        string methodText = Field(MethodAt) ?? "";
        IpMethod method = MethodOf(methodText) ?? throw Wrong(text, $"its method \"{methodText}\" is not dhcp, on, any, off or none");
        if (address is not null && methodText is not "dhcp")
        {
            // nfsroot.rst: with an address nothing is asked for, whatever on and off say.
            method = IpMethod.Static;
        }
        else if (address is null && methodText is "off" or "none")
        {
            method = IpMethod.Off;
        }
        List<IPAddress> nameServers = [];
        for (int i = NameServersAt; i < NameServersAt + 2; i++)
        {
            if (AddressField(i, "name server") is { } server)
            {
                nameServers.Add(server);
            }
        }
        int prefixLength = address is null ? 0 : Ipv4Text.ClassPrefixLength(address);
        if (Field(NetmaskAt) is { } mask)
        {
            prefixLength = Ipv4Text.PrefixLength(mask) ?? throw Wrong(text, $"its netmask {mask} is none");
        }
        return new IpArgument
        {
            Method = method,
            Address = method == IpMethod.Static ? address : null,
            PrefixLength = prefixLength,
            Gateway = AddressField(GatewayAt, "gateway"),
            HostName = Field(HostNameAt),
            Device = Field(DeviceAt),
            NameServers = nameServers,
        };

        string? Field(int at) => at < fields.Length && fields[at].Length > 0 ? fields[at] : null;

        IPAddress? AddressField(int at, string what) =>
            Field(at) is { } value ? Ipv4Text.Parse(value) ?? throw Wrong(text, $"its {what} {value} is no IPv4 address") : null;
    }

    /// <summary>The kernel's words for BOOTP and RARP mean DHCP here: there is nobody left who speaks only those.</summary>
    private static IpMethod? MethodOf(string text) =>
        text switch
        {
            "" or "dhcp" or "on" or "any" or "both" or "bootp" or "rarp" => IpMethod.Dhcp,
            "off" or "none" => IpMethod.Off,
            _ => null,
        };

    private static UserError Wrong(string text, string why) =>
        new(
            $"ip={text} is not understood: {why}",
            "Write ip=dhcp, ip=DEVICE:dhcp, or ip=CLIENT:SERVER:GATEWAY:NETMASK:HOSTNAME:DEVICE:none:DNS0:DNS1 (nfsroot.rst); fields may be empty."
        );
}
