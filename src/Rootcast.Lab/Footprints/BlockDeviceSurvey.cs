using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux;
using Rootcast.Linux.Block;
using Rootcast.Linux.Files;
using Rootcast.Linux.Memory;

namespace Rootcast.Lab.Footprints;

/// <summary>Block devices: their own page cache, what they stand on, what zram and snapshots say of themselves. A device that nobody else has open has
/// no page cache, so opening and closing one changes nothing.</summary>
internal sealed class BlockDeviceSurvey(PageCacheReader cache)
{
    private const string Sys = "/sys/class/block";

    /// <summary>Without cachestat(2) each page of a device is asked about: more than this would take minutes.</summary>
    private const long LargestMapped = 1L << 40;

    private readonly List<string> facts = [];
    private readonly List<string> notes = [];

    /// <summary>See <see cref="Footprint.Facts"/>.</summary>
    public IReadOnlyList<string> Facts => facts;

    /// <summary>See <see cref="Footprint.Notes"/>.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>Devices that have a length.</summary>
    public IReadOnlyList<ObservedDevice> Observe()
    {
        HashSet<ulong> stores = ExceptionStores();
        List<ObservedDevice> devices = [];
        List<string> refused = [];
        foreach (string name in NamesIn(Sys).Order(StringComparer.Ordinal))
        {
            string[] number = (SmallFile.TryReadText($"{Sys}/{name}/dev") ?? "").Split(':');
            long bytes = long.TryParse(SmallFile.TryReadText($"{Sys}/{name}/size"), CultureInfo.InvariantCulture, out long sectors)
                ? sectors * MappedTarget.SectorBytes
                : 0;
            // Asking a floppy drive starts its motor.
            if (bytes == 0 || number.Length != 2 || name.StartsWith("fd", StringComparison.Ordinal))
            {
                continue;
            }
            (long? cached, BackingFile? backing, bool asked) = Ask(name, bytes);
            if (!asked)
            {
                refused.Add(name);
            }
            ulong device = FileNodes.DeviceNumberOf($"{number[0]}:{number[1]}");
            devices.Add(
                new ObservedDevice(name, device, NamesIn($"{Sys}/{name}/holders"), cached)
                {
                    Backing = backing,
                    IsExceptionStore = stores.Contains(device),
                    Compressed = name.StartsWith("zram", StringComparison.Ordinal) ? Compressed(name) : null,
                }
            );
        }
        if (refused.Count > 0)
        {
            notes.Add($"page cache of {string.Join(", ", refused)}: needs root, or the device cannot be opened");
        }
        return devices;
    }

    private (long? Cached, BackingFile? Backing, bool Asked) Ask(string name, long bytes)
    {
        string file = SmallFile.TryReadText($"{Sys}/{name}/loop/backing_file") ?? "";
        string path = "/dev/" + name.Replace('!', '/');
        using SafeFileHandle device = FileNodes.TryOpen(
            null,
            Encoding.UTF8.GetBytes(path),
            OpenFlags.ReadOnly | OpenFlags.NonBlocking,
            0,
            out int errno
        );
        if (errno != 0)
        {
            return (null, file.Length > 0 ? new BackingFile(file, null, 0, bytes) : null, false);
        }
        BackingFile? backing = null;
        if (file.Length > 0 && LoopDevice.BackingOf(device) is { } from)
        {
            backing = new BackingFile(file, from.Device, from.Inode, bytes);
        }
        if (!cache.UsesCacheStat && bytes > LargestMapped)
        {
            notes.Add($"page cache of {name}: without cachestat(2) a device of {bytes >> 40} TiB takes too long to ask");
            return (null, backing, true);
        }
        return (cache.BytesOf(device, () => bytes), backing, true);
    }

    private (long Taken, long Stored) Compressed(string name)
    {
        (long stored, long taken) = new ZramDevice("/dev/" + name).Usage;
        facts.Add($"{name}: {stored} bytes stored in {taken} bytes");
        return (taken, stored);
    }

    /// <summary>The devices that snapshots write their changes to; says how full they are.</summary>
    private HashSet<ulong> ExceptionStores()
    {
        HashSet<ulong> stores = [];
        string[] names =
        [
            .. NamesIn("/sys/block")
                .Select(block => SmallFile.TryReadText($"/sys/block/{block}/dm/name"))
                .OfType<string>()
                .Where(name => name.Length > 0),
        ];
        if (names.Length == 0)
        {
            return stores;
        }
        try
        {
            using DeviceMapper mapper = DeviceMapper.Open();
            foreach (string name in names)
            {
                Read(mapper, name, stores);
            }
        }
        catch (LinuxException error)
        {
            notes.Add($"device-mapper: {error.Message}");
        }
        return stores;
    }

    private void Read(DeviceMapper mapper, string name, HashSet<ulong> stores)
    {
        IReadOnlyList<MappedTarget> status = mapper.Status(name);
        foreach ((MappedTarget table, int at) in mapper.Table(name).Select((target, at) => (target, at)))
        {
            // Documentation/admin-guide/device-mapper/snapshot.rst: ORIGIN STORE PERSISTENT? CHUNK
            string[] words = table.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (table.Type != "snapshot" || words.Length < 2)
            {
                continue;
            }
            stores.Add(FileNodes.DeviceNumberOf(words[1]));
            if (at < status.Count && SnapshotUsage.Parse(status[at].Text) is { } usage)
            {
                facts.Add(
                    $"snapshot {name}: {usage.UsedSectors * MappedTarget.SectorBytes} bytes of its store {words[1]} are taken, "
                        + $"{usage.MetadataSectors * MappedTarget.SectorBytes} of them for its own records"
                );
            }
        }
    }

    private static IReadOnlyList<string> NamesIn(string directory) =>
        Directory.Exists(directory) ? [.. Directory.EnumerateFileSystemEntries(directory).Select(path => Path.GetFileName(path))] : [];
}
