using System.Globalization;
using Rootcast.Linux.Files;

namespace Rootcast.Linux.Block;

/// <summary>A compressed RAM disk, as Documentation/admin-guide/blockdev/zram.rst has it. It lives until it is reset or the machine ends.</summary>
/// <param name="Path">Its node: <c>/dev/zram0</c>.</param>
public sealed record ZramDevice(string Path)
{
    private string Attributes => "/sys/block/" + Path["/dev/".Length..];

    /// <summary>What is written to it, and what it takes for that, both in bytes.</summary>
    public (long Stored, long Taken) Usage
    {
        get
        {
            // orig_data_size compr_data_size mem_used_total …
            string[] fields = (SmallFile.TryReadText(Attributes + "/mm_stat") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return fields.Length >= 3 ? (Number(fields[0]), Number(fields[2])) : (0, 0);
        }
    }

    /// <summary>Makes a device.</summary>
    /// <param name="compressor">As comp_algorithm names it: <c>zstd</c>, <c>lz4</c>, <c>lzo-rle</c>.</param>
    /// <param name="bytes">How much can be written to it: a multiple of the page.</param>
    /// <exception cref="InvalidDataException">The kernel has no such compressor; the message names those that it has.</exception>
    public static ZramDevice Create(string compressor, long bytes)
    {
        ZramDevice device = Free();
        string algorithm = device.Attributes + "/comp_algorithm";
        try
        {
            SmallFile.Write(algorithm, compressor);
        }
        catch (LinuxException error) when (error.Number is Errno.Invalid or Errno.NoEntry)
        {
            throw new InvalidDataException(
                $"this kernel's zram has no compressor {compressor}: it has {SmallFile.TryReadText(algorithm)}",
                error
            );
        }
        SmallFile.Write(device.Attributes + "/disksize", bytes.ToString(CultureInfo.InvariantCulture));
        return device;
    }

    /// <summary>Gives its memory back; nobody may have it open.</summary>
    public void Reset() => SmallFile.Write(Attributes + "/reset", "1");

    /// <summary>The module makes one device when it is loaded; further ones are made by reading hot_add.</summary>
    private static ZramDevice Free()
    {
        if (SmallFile.TryReadText("/sys/block/zram0/initstate") == "0")
        {
            return new ZramDevice("/dev/zram0");
        }
        string number = SmallFile.ReadText("/sys/class/zram-control/hot_add").Trim();
        return new ZramDevice("/dev/zram" + number);
    }

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : 0;
}
