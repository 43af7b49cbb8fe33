namespace Rootcast.Protocols.Dhcp;

/// <summary>The options that Rootcast reads or writes (RFC 2132, and the RFC named with each).</summary>
public enum DhcpOptionCode
{
    SubnetMask = 1,
    Router = 3,
    DomainNameServer = 6,
    HostName = 12,
    DomainName = 15,
    InterfaceMtu = 26,
    BroadcastAddress = 28,
    RequestedAddress = 50,
    LeaseTime = 51,
    Overload = 52,
    MessageType = 53,
    ServerIdentifier = 54,
    ParameterList = 55,
    Message = 56,
    LargestMessage = 57,
    VendorClass = 60,
    ClientIdentifier = 61,

    /// <summary>RFC 3442.</summary>
    ClasslessRoutes = 121,
}
