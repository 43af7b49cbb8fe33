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
    VendorSpecific = 43,
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
    TftpServerName = 66,
    BootFileName = 67,

    /// <summary>RFC 3004.</summary>
    UserClass = 77,

    /// <summary>RFC 4578, as the two that follow.</summary>
    ClientArchitecture = 93,
    ClientNetworkInterface = 94,
    ClientMachine = 97,

    /// <summary>RFC 3442.</summary>
    ClasslessRoutes = 121,
}
