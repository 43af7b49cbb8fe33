namespace Rootcast.Formats.Kernels;

/// <summary>Field positions of an x86 kernel's setup header, little-endian (Linux, Documentation/arch/x86/boot.rst).</summary>
internal static class KernelImageLayout
{
    public const int SetupSectors = 0x1F1;
    public const int BootFlag = 0x1FE;
    public const int Magic = 0x202;
    public const int Protocol = 0x206;
    public const int KernelVersion = 0x20E;
    public const int Length = 0x210;

    /// <summary>What <see cref="KernelVersion"/> counts from.</summary>
    public const int VersionBase = 0x200;

    public static ReadOnlySpan<byte> MagicValue => "HdrS"u8;
}
