using System.Buffers.Binary;

namespace Rootcast.Formats.Iso9660;

/// <summary>El Torito's boot catalogue (version 1.0 of its specification, section 2).</summary>
public static class ElTorito
{
    /// <summary>How many bytes <see cref="Read"/> can make use of.</summary>
    public const int BytesNeeded = IsoLayout.Sector;

    /// <summary>Reads the images that firmware can boot.</summary>
    /// <param name="catalog">The bytes from <see cref="IsoVolume.BootCatalog"/> on.</param>
    /// <exception cref="InvalidDataException">It does not begin with a validation entry whose sum is right.</exception>
    public static IReadOnlyList<IsoBootImage> Read(ReadOnlySpan<byte> catalog)
    {
        if (catalog.Length < 2 * IsoLayout.CatalogEntry || catalog[0] != IsoLayout.CatalogValidation || SumOf(catalog) != 0)
        {
            throw new InvalidDataException("iso9660: El Torito's catalogue has no valid first entry");
        }
        List<IsoBootImage> images = [];
        byte platform = catalog[IsoLayout.CatalogPlatform];
        int left = 1;
        bool last = false;
        for (int at = IsoLayout.CatalogEntry; at + IsoLayout.CatalogEntry <= catalog.Length; at += IsoLayout.CatalogEntry)
        {
            ReadOnlySpan<byte> entry = catalog.Slice(at, IsoLayout.CatalogEntry);
            if (left > 0)
            {
                left--;
                images.Add(
                    new IsoBootImage(
                        platform,
                        entry[0] == IsoLayout.CatalogBootable,
                        (entry[IsoLayout.CatalogMedia] & 0x0F) == 0,
                        BinaryPrimitives.ReadUInt32LittleEndian(entry[IsoLayout.CatalogStart..]) * (long)IsoLayout.Sector,
                        BinaryPrimitives.ReadUInt16LittleEndian(entry[IsoLayout.CatalogSectors..]) * 512L
                    )
                );
            }
            else if (!last && entry[0] is IsoLayout.CatalogHeader or IsoLayout.CatalogLastHeader)
            {
                last = entry[0] == IsoLayout.CatalogLastHeader;
                platform = entry[IsoLayout.CatalogPlatform];
                left = BinaryPrimitives.ReadUInt16LittleEndian(entry[IsoLayout.CatalogSectionEntries..]);
            }
            else
            {
                break;
            }
        }
        return images;
    }

    private static ushort SumOf(ReadOnlySpan<byte> catalog)
    {
        ushort sum = 0;
        for (int at = 0; at < IsoLayout.CatalogEntry; at += 2)
        {
            sum += BinaryPrimitives.ReadUInt16LittleEndian(catalog[at..]);
        }
        return sum;
    }
}
