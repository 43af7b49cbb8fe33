using System.Buffers.Binary;
using System.Text;

namespace Rootcast.Formats.Iso9660;

/// <summary>What the volume descriptors of an ISO 9660 say.</summary>
/// <param name="Label">Its label; null without one.</param>
/// <param name="BlockBytes">Bytes of a logical block: 2048 nearly always.</param>
/// <param name="Bytes">Length of the volume.</param>
/// <param name="Root">Its root directory.</param>
/// <param name="BootCatalog">Where El Torito's catalogue is, in bytes; null when it cannot boot so.</param>
public sealed record IsoVolume(string? Label, int BlockBytes, long Bytes, IsoRecord Root, long? BootCatalog)
{
    /// <summary>Where the descriptors start in the image, in bytes.</summary>
    public const int Start = IsoLayout.FirstDescriptor * IsoLayout.Sector;

    /// <summary>How many bytes from <see cref="Start"/> <see cref="Read"/> can make use of.</summary>
    public const int BytesNeeded = 16 * IsoLayout.Sector;

    /// <summary>Reads the descriptors.</summary>
    /// <param name="descriptors">The bytes from <see cref="Start"/> on.</param>
    /// <exception cref="InvalidDataException">They are none, or cannot be.</exception>
    public static IsoVolume Read(ReadOnlySpan<byte> descriptors)
    {
        ReadOnlySpan<byte> primary = default;
        long? catalog = null;
        for (ReadOnlySpan<byte> rest = descriptors; rest.Length >= IsoLayout.Sector; rest = rest[IsoLayout.Sector..])
        {
            ReadOnlySpan<byte> descriptor = rest[..IsoLayout.Sector];
            if (!descriptor[IsoLayout.DescriptorId..].StartsWith(IsoLayout.StandardId))
            {
                break;
            }
            byte type = descriptor[IsoLayout.DescriptorType];
            if (type == IsoLayout.TypePrimary && primary.IsEmpty)
            {
                primary = descriptor;
            }
            else if (type == IsoLayout.TypeBoot && descriptor[IsoLayout.BootSystem..].StartsWith(IsoLayout.ElTorito))
            {
                catalog ??= BinaryPrimitives.ReadUInt32LittleEndian(descriptor[IsoLayout.BootCatalog..]) * (long)IsoLayout.Sector;
            }
            else if (type == IsoLayout.TypeEnd)
            {
                break;
            }
        }
        if (primary.IsEmpty)
        {
            throw new InvalidDataException($"iso9660: there is no primary volume descriptor from byte {Start} on");
        }
        int block = BinaryPrimitives.ReadUInt16LittleEndian(primary[IsoLayout.VolumeBlockSize..]);
        if (block is not (512 or 1024 or 2048))
        {
            throw new InvalidDataException($"iso9660: blocks of {block} bytes cannot be");
        }
        IsoRecord root = IsoRecord.Read(primary.Slice(IsoLayout.VolumeRoot, 34), 0, (_, _) => []);
        if (!root.IsDirectory)
        {
            throw new InvalidDataException("iso9660: the root is no directory");
        }
        string label = Encoding.ASCII.GetString(primary.Slice(IsoLayout.VolumeLabel, IsoLayout.VolumeLabelLength)).TrimEnd(' ', '\0');
        long bytes = BinaryPrimitives.ReadUInt32LittleEndian(primary[IsoLayout.VolumeBlocks..]) * (long)block;
        return new IsoVolume(label.Length > 0 ? label : null, block, bytes, root, catalog);
    }
}
