namespace Rootcast.Lab.Netboot;

/// <summary>What a machine has before a system: who asks the network first.</summary>
public enum NetbootFirmware
{
    /// <summary>BIOS, and iPXE in the card's ROM.</summary>
    Ipxe,

    /// <summary>BIOS and a PXE that is no iPXE, so iPXE is loaded first. No free PXE ROM is to be had: it is an iPXE that does not say that it is one.</summary>
    Pxe,

    /// <summary>UEFI by PXE.</summary>
    UefiPxe,

    /// <summary>UEFI by HTTP Boot.</summary>
    UefiHttp,
}
