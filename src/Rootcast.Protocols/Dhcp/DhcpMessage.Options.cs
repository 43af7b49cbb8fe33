using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Rootcast.Protocols.Dhcp;

/// <summary>Options by their meaning. One whose data cannot be what the RFC says is as if it were absent: a bad option of no importance must
/// not keep a machine from booting.</summary>
public sealed partial record DhcpMessage
{
    /// <summary>Option 53.</summary>
    public DhcpMessageType Type =>
        Data(DhcpOptionCode.MessageType).Span is [>= 1 and <= 8 and var type] ? (DhcpMessageType)type : DhcpMessageType.None;

    /// <summary>Option 54: which server speaks.</summary>
    public IPAddress? ServerIdentifier => Address(DhcpOptionCode.ServerIdentifier);

    /// <summary>Option 50.</summary>
    public IPAddress? RequestedAddress => Address(DhcpOptionCode.RequestedAddress);

    /// <summary>Option 1 as a prefix length, 0 to 32; null when it is absent or has gaps.</summary>
    public int? PrefixLength
    {
        get
        {
            ReadOnlySpan<byte> data = Data(DhcpOptionCode.SubnetMask).Span;
            if (data.Length != 4)
            {
                return null;
            }
            uint mask = BinaryPrimitives.ReadUInt32BigEndian(data);
            int length = System.Numerics.BitOperations.LeadingZeroCount(~mask);
            return length == 32 || mask << length == 0 ? length : null;
        }
    }

    /// <summary>Option 3, the best first.</summary>
    public IReadOnlyList<IPAddress> Routers => Addresses(DhcpOptionCode.Router);

    /// <summary>Option 6, the best first.</summary>
    public IReadOnlyList<IPAddress> NameServers => Addresses(DhcpOptionCode.DomainNameServer);

    /// <summary>Option 12: the client's name.</summary>
    public string? HostName => Text(DhcpOptionCode.HostName);

    /// <summary>Option 15: the domain in which names are looked up.</summary>
    public string? DomainName => Text(DhcpOptionCode.DomainName);

    /// <summary>Option 56: why the server refuses.</summary>
    public string? Message => Text(DhcpOptionCode.Message);

    /// <summary>Option 26: 68 to 65,535 bytes.</summary>
    public int? Mtu =>
        Data(DhcpOptionCode.InterfaceMtu).Span is { Length: 2 } data && BinaryPrimitives.ReadUInt16BigEndian(data) is >= 68 and var mtu
            ? mtu
            : null;

    /// <summary>Option 51 in seconds; 0xFFFFFFFF is for ever.</summary>
    public uint? LeaseSeconds =>
        Data(DhcpOptionCode.LeaseTime).Span is { Length: 4 } data ? BinaryPrimitives.ReadUInt32BigEndian(data) : null;

    /// <summary>Option 121. When it is there, option 3 is to be ignored (RFC 3442).</summary>
    public IReadOnlyList<DhcpRoute> ClasslessRoutes
    {
        get
        {
            List<DhcpRoute> routes = [];
            ReadOnlySpan<byte> rest = Data(DhcpOptionCode.ClasslessRoutes).Span;
            Span<byte> destination = stackalloc byte[4];
            while (!rest.IsEmpty)
            {
                int prefix = rest[0];
                int significant = (prefix + 7) / 8;
                if (prefix > 32 || rest.Length < 1 + significant + 4)
                {
                    return [];
                }
                destination.Clear();
                rest.Slice(1, significant).CopyTo(destination);
                routes.Add(new DhcpRoute(new IPAddress(destination), prefix, new IPAddress(rest.Slice(1 + significant, 4))));
                rest = rest[(1 + significant + 4)..];
            }
            return routes;
        }
    }

    /// <summary>The data of an option; empty when it is absent.</summary>
    public ReadOnlyMemory<byte> Data(DhcpOptionCode code)
    {
        foreach (DhcpOption option in Options)
        {
            if (option.Code == code)
            {
                return option.Data;
            }
        }
        return default;
    }

    /// <summary>The text of an option without NULs at its end; null when it is absent, empty or has anything but printable ASCII in it, since
    /// it ends up on screens and in files.</summary>
    public string? Text(DhcpOptionCode code)
    {
        ReadOnlySpan<byte> data = Data(code).Span.TrimEnd((byte)0);
        return data.IsEmpty || data.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? null : Encoding.ASCII.GetString(data);
    }

    private IPAddress? Address(DhcpOptionCode code) => Data(code).Span is { Length: 4 } data ? new IPAddress(data) : null;

    private List<IPAddress> Addresses(DhcpOptionCode code)
    {
        List<IPAddress> addresses = [];
        ReadOnlySpan<byte> data = Data(code).Span;
        for (; data.Length >= 4; data = data[4..])
        {
            addresses.Add(new IPAddress(data[..4]));
        }
        return addresses;
    }
}
