namespace Rootcast.Init.Network;

/// <summary>How a link gets its address.</summary>
public enum IpMethod
{
    /// <summary>By DHCP.</summary>
    Dhcp,

    /// <summary>It is in <c>ip=</c>.</summary>
    Static,

    /// <summary><c>ip=off</c>: not at all.</summary>
    Off,
}
