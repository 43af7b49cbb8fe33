namespace Rootcast.Protocols.Dhcp;

/// <summary>Option 53 (RFC 2132 section 9.6).</summary>
public enum DhcpMessageType
{
    /// <summary>A BOOTP message, which has no type.</summary>
    None,
    Discover,
    Offer,
    Request,
    Decline,
    Acknowledge,
    Refuse,
    Release,
    Inform,
}
