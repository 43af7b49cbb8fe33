using Rootcast.Protocols.Dhcp;

namespace Rootcast.Server.ProxyDhcp;

/// <summary>Beside a DHCP server that gives addresses: tells machines that boot over the network what to load, and gives nobody an address (PXE 2.1,
/// section 2.2). Pure functions of the message.</summary>
public static class ProxyDhcpRules
{
    /// <summary>A message to port 67.</summary>
    public static DhcpDecision Discovered(DhcpMessage request, ServerPlace place)
    {
        NetworkClient client = NetworkClient.Of(request);
        if (Unfit(request) is { } reason)
        {
            return DhcpDecision.Ignore(reason);
        }
        if (request.Type != DhcpMessageType.Discover)
        {
            // Addresses are asked for of the server that gives them.
            return DhcpDecision.Ignore($"{request.Type} is for the DHCP server");
        }
        return Answer(request, client, DhcpMessageType.Offer, place, BootReply.Target(request));
    }

    /// <summary>A message to port 4011, from a machine that has an address by now.</summary>
    public static DhcpDecision Requested(DhcpMessage request, ServerPlace place) =>
        Unfit(request) is { } reason ? DhcpDecision.Ignore(reason)
        : request.Type is not (DhcpMessageType.Request or DhcpMessageType.Inform)
            ? DhcpDecision.Ignore($"{request.Type} is none for a boot server")
        : Answer(request, NetworkClient.Of(request), DhcpMessageType.Acknowledge, place, null);

    /// <summary>Why a message is none of a client; null when it is.</summary>
    internal static string? Unfit(DhcpMessage request) =>
        request.IsReply ? "a server's message"
        : request.HardwareAddress.Length != 6 ? $"a hardware address of {request.HardwareAddress.Length} bytes"
        : request.Type == DhcpMessageType.None ? "BOOTP"
        : null;

    private static DhcpDecision Answer(
        DhcpMessage request,
        NetworkClient client,
        DhcpMessageType type,
        ServerPlace place,
        System.Net.IPEndPoint? target
    )
    {
        BootFile file = BootFile.For(client, place);
        return file.Name is { } name
            ? new DhcpDecision(
                BootReply.WithFile(BootReply.To(request, type, place, []), request, client, name, place, isProxy: true),
                target,
                $"{file.Reason}: {name}"
            )
            : DhcpDecision.Ignore(file.Reason);
    }
}
