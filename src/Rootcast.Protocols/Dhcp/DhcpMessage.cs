using System.Net;

namespace Rootcast.Protocols.Dhcp;

/// <summary>A DHCPv4 message (RFC 2131).</summary>
public sealed partial record DhcpMessage
{
    /// <summary>Whether a server (or relay) sent it.</summary>
    public bool IsReply { get; init; }

    /// <summary>Chosen by the client; the answers carry it.</summary>
    public uint TransactionId { get; init; }

    /// <summary>Seconds since the client began.</summary>
    public ushort Seconds { get; init; }

    /// <summary>Whether the client can take broadcasts only.</summary>
    public bool Broadcast { get; init; }

    /// <summary>ciaddr: the address that the client has already.</summary>
    public IPAddress ClientAddress { get; init; } = IPAddress.Any;

    /// <summary>yiaddr: the address that the server gives.</summary>
    public IPAddress YourAddress { get; init; } = IPAddress.Any;

    /// <summary>siaddr: the next server, for network boot.</summary>
    public IPAddress ServerAddress { get; init; } = IPAddress.Any;

    /// <summary>giaddr: the relay between client and server.</summary>
    public IPAddress RelayAddress { get; init; } = IPAddress.Any;

    /// <summary>As ARP numbers them; 1 is Ethernet.</summary>
    public byte HardwareType { get; init; } = 1;

    /// <summary>At most 16 bytes.</summary>
    public ReadOnlyMemory<byte> HardwareAddress { get; init; }

    /// <summary>sname, unless it holds options.</summary>
    public string ServerName { get; init; } = "";

    /// <summary>file, unless it holds options.</summary>
    public string BootFile { get; init; } = "";

    /// <summary>Each code once, in the order of first appearance.</summary>
    public IReadOnlyList<DhcpOption> Options { get; init; } = [];
}
