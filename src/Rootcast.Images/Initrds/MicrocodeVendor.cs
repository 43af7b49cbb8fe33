namespace Rootcast.Images.Initrds;

/// <summary>Whose processors an update is for; the kernel has a file name for each.</summary>
public enum MicrocodeVendor
{
    /// <summary><c>GenuineIntel.bin</c></summary>
    Intel,

    /// <summary><c>AuthenticAMD.bin</c></summary>
    Amd,
}
