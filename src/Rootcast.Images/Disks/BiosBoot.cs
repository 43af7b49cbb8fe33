using System.Buffers.Binary;

namespace Rootcast.Images.Disks;

/// <summary>GRUB's two parts for BIOS, told where they are: what grub-bios-setup(8) writes into them, without needing a device for it. Positions as in
/// GRUB's <c>include/grub/i386/pc/boot.h</c>.</summary>
internal static class BiosBoot
{
    /// <summary>Bytes of the first sector that are code; what follows are the disk's signature and its table.</summary>
    public const int CodeBytes = 440;

    private const int Sector = 512;
    private const int KernelSector = 0x5C;
    private const int DriveCheck = 0x66;
    private const int FirstBlockList = Sector - 12;

    /// <summary>Tells boot.img and the core image where the core is.</summary>
    /// <param name="boot">boot.img: one sector.</param>
    /// <param name="core">What grub-mkimage made for <c>i386-pc</c>; in one piece on the disk.</param>
    /// <param name="coreSector">Where it begins, in sectors of 512 bytes.</param>
    /// <exception cref="InvalidDataException">They are not what they should be.</exception>
    public static void Settle(Span<byte> boot, Span<byte> core, long coreSector)
    {
        if (boot.Length != Sector || boot[Sector - 2] != 0x55 || boot[Sector - 1] != 0xAA || core.Length < 2 * Sector)
        {
            throw new InvalidDataException("GRUB's boot.img or core image has another shape than expected");
        }
        BinaryPrimitives.WriteInt64LittleEndian(boot[KernelSector..], coreSector);
        // Two NOPs: some BIOSes do not say from which drive they boot, and boot.img then takes the first.
        boot[DriveCheck] = 0x90;
        boot[DriveCheck + 1] = 0x90;
        BinaryPrimitives.WriteInt64LittleEndian(core[FirstBlockList..], coreSector + 1);
        int sectors = (core.Length + Sector - 1) / Sector;
        BinaryPrimitives.WriteUInt16LittleEndian(core[(FirstBlockList + 8)..], checked((ushort)(sectors - 1)));
    }
}
