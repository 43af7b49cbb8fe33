namespace Rootcast.Server.ProxyDhcp;

/// <summary>Who asks for an address.</summary>
public enum ClientKind
{
    /// <summary>Nobody who boots over the network.</summary>
    Other,

    /// <summary>Firmware that loads a program by TFTP (option 60 <c>PXEClient</c>).</summary>
    Pxe,

    /// <summary>iPXE (its user class, option 77): loads a script by HTTP.</summary>
    Ipxe,

    /// <summary>UEFI that loads a program by HTTP (option 60 <c>HTTPClient</c>).</summary>
    HttpBoot,
}
