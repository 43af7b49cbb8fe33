namespace Rootcast.Formats.Iso9660;

/// <summary>An image that firmware can boot from an ISO 9660.</summary>
/// <param name="PlatformId">0 x86 BIOS, 1 PowerPC, 2 Mac, 0xEF UEFI.</param>
/// <param name="IsBootable">Whether it is marked so.</param>
/// <param name="IsBare">Whether it emulates no floppy or hard disk.</param>
/// <param name="Offset">Where it starts, in bytes.</param>
/// <param name="LoadBytes">What BIOS loads of it; UEFI may say 0 or 512 and mean all.</param>
public sealed record IsoBootImage(byte PlatformId, bool IsBootable, bool IsBare, long Offset, long LoadBytes)
{
    /// <summary>For people.</summary>
    public string Platform =>
        PlatformId switch
        {
            0 => "BIOS",
            1 => "PowerPC",
            2 => "Mac",
            0xEF => "UEFI",
            _ => $"platform {PlatformId}",
        };
}
