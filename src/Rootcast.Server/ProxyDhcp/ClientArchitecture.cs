namespace Rootcast.Server.ProxyDhcp;

/// <summary>What a client's firmware runs, of the numbers of option 93 (RFC 4578 and IANA's registry).</summary>
public enum ClientArchitecture
{
    /// <summary>One that Rootcast boots nothing on: Itanium, 32-bit UEFI, RISC-V, ….</summary>
    Other,

    /// <summary>0: a PC with BIOS.</summary>
    Bios,

    /// <summary>7, 9; by HTTP 16.</summary>
    EfiX64,

    /// <summary>11; by HTTP 19.</summary>
    EfiArm64,
}
