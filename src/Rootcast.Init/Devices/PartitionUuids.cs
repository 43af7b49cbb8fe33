using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux;
using Rootcast.Linux.Block;
using Rootcast.Linux.Files;

namespace Rootcast.Init.Devices;

/// <summary>The <c>PARTUUID</c>s of the partitions that the kernel has found. Kernels before 6.10 do not tell them in uevents, so the disks' tables are read.</summary>
public sealed class PartitionUuids
{
    private readonly Dictionary<string, byte[]> tables = new(StringComparer.Ordinal);

    /// <summary>That of a device of /sys/class/block; null when it is no partition, or its table is not known.</summary>
    public string? Of(string name)
    {
        string place = $"/sys/class/block/{name}";
        if (
            SmallFile.TryReadText($"{place}/partition") is not { } text
            || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        )
        {
            return null;
        }
        // The link leads to …/block/vda/vda3.
        string[] parts = Encoding.UTF8.GetString(FileNodes.ReadLink((SafeFileHandle?)null, Encoding.UTF8.GetBytes(place))).Split('/');
        if (parts.Length < 2 || Table(parts[^2]) is not { } table)
        {
            return null;
        }
        string? sector = SmallFile.TryReadText($"/sys/class/block/{parts[^2]}/queue/logical_block_size");
        return PartitionUuid.Read(
            table,
            int.TryParse(sector, NumberStyles.None, CultureInfo.InvariantCulture, out int bytes) ? bytes : 512,
            number
        );
    }

    private byte[]? Table(string disk)
    {
        if (tables.TryGetValue(disk, out byte[]? known))
        {
            return known;
        }
        string path = $"/dev/{disk}";
        using SafeFileHandle device = FileNodes.TryOpen(null, Encoding.UTF8.GetBytes(path), OpenFlags.ReadOnly, 0, out int errno);
        if (errno != 0)
        {
            return null;
        }
        byte[] first = new byte[PartitionUuid.BytesNeeded];
        try
        {
            return tables[disk] = first[..FileData.ReadAt(device, first, 0, path)];
        }
        catch (LinuxException)
        {
            // A disk that goes; its partitions go too.
            return null;
        }
    }
}
