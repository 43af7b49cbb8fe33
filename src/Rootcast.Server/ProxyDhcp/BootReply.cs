using System.Net;
using System.Text;
using Rootcast.Protocols.Dhcp;

namespace Rootcast.Server.ProxyDhcp;

/// <summary>The messages that tell a client what to load.</summary>
public static class BootReply
{
    /// <summary>PXE 2.1, table 2-1: discovery control with bit 3, "load the file that the offer names", and the end.</summary>
    private static readonly byte[] LoadTheFile = [6, 1, 8, 255];

    /// <summary>An answer to a message, without options that depend on what it is for.</summary>
    public static DhcpMessage To(DhcpMessage request, DhcpMessageType type, ServerPlace place, IEnumerable<DhcpOption> options) =>
        new()
        {
            IsReply = true,
            TransactionId = request.TransactionId,
            Seconds = request.Seconds,
            Broadcast = request.Broadcast,
            ClientAddress = request.ClientAddress,
            RelayAddress = request.RelayAddress,
            HardwareType = request.HardwareType,
            HardwareAddress = request.HardwareAddress,
            Options =
            [
                new DhcpOption(DhcpOptionCode.MessageType, new[] { (byte)type }),
                new DhcpOption(DhcpOptionCode.ServerIdentifier, place.Address.GetAddressBytes()),
                .. options,
            ],
        };

    /// <summary>Adds what the client is to load: as fields and as options, since some firmware reads only the one or the other.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="request">What is answered.</param>
    /// <param name="client">Who asked.</param>
    /// <param name="file">File name or URL.</param>
    /// <param name="place">This server.</param>
    /// <param name="isProxy">Whether the answer is beside another server's, which gives the address.</param>
    public static DhcpMessage WithFile(
        DhcpMessage reply,
        DhcpMessage request,
        NetworkClient client,
        string file,
        ServerPlace place,
        bool isProxy
    )
    {
        string server = place.Address.ToString();
        List<DhcpOption> options =
        [
            .. reply.Options,
            new(DhcpOptionCode.TftpServerName, Encoding.ASCII.GetBytes(server)),
            new(DhcpOptionCode.BootFileName, Encoding.ASCII.GetBytes(file)),
        ];
        if (client.Kind == ClientKind.HttpBoot)
        {
            // UEFI 2.10, 24.7.3.1: an offer without it is none for HTTP Boot.
            options.Add(new DhcpOption(DhcpOptionCode.VendorClass, "HTTPClient"u8.ToArray()));
        }
        else if (isProxy)
        {
            options.Add(new DhcpOption(DhcpOptionCode.VendorClass, "PXEClient"u8.ToArray()));
            if (client.Architecture == ClientArchitecture.Bios || client.Kind == ClientKind.Ipxe)
            {
                // UEFI gets none: some firmware passes over a proxy's offer with it, and all of it asks again on port 4011 without.
                options.Add(new DhcpOption(DhcpOptionCode.VendorSpecific, LoadTheFile));
            }
        }
        // RFC 4578: a type and 16 bytes.
        if (request.Data(DhcpOptionCode.ClientMachine) is { Length: 17 } machine)
        {
            options.Add(new DhcpOption(DhcpOptionCode.ClientMachine, machine));
        }
        return reply with
        {
            ServerAddress = place.Address,
            ServerName = server,
            BootFile = file.Length < 128 ? file : "",
            Options = options,
        };
    }

    /// <summary>Where an answer goes: through the relay, to the address that the client has, or to everybody on its network.</summary>
    public static IPEndPoint Target(DhcpMessage request) =>
        !request.RelayAddress.Equals(IPAddress.Any) ? new IPEndPoint(request.RelayAddress, DhcpDecision.ServerPort)
        : !request.ClientAddress.Equals(IPAddress.Any) ? new IPEndPoint(request.ClientAddress, DhcpDecision.ClientPort)
        : new IPEndPoint(IPAddress.Broadcast, DhcpDecision.ClientPort);
}
