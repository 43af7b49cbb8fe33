using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Block;
using Rootcast.Linux.Files;

namespace Rootcast.Init.Devices;

/// <summary>Looks for a block device by label, UUID or path among those of /sys/class/block. Each device is read once.</summary>
/// <param name="wanted"><c>LABEL=…</c>, <c>UUID=…</c>, <c>PARTUUID=…</c> or <c>/dev/…</c>; null when only a condition is looked for.</param>
public sealed class BlockDeviceSearch(string? wanted)
{
    private const string Devices = "/sys/class/block";
    private const string Partition = "PARTUUID=";
    private readonly Dictionary<string, FileSystemSignature?> probed = new(StringComparer.Ordinal);
    private readonly PartitionUuids partitions = new();

    /// <summary>The device, or null while it is not there.</summary>
    public FoundDevice? Find()
    {
        if (wanted?.StartsWith("/dev/", StringComparison.Ordinal) == true)
        {
            // The node alone is no device yet: reading it is the test.
            return TryProbe(wanted, out FileSystemSignature? there) ? new FoundDevice(wanted, there) : null;
        }
        if (wanted?.StartsWith(Partition, StringComparison.Ordinal) == true)
        {
            string uuid = wanted[Partition.Length..];
            return Find(device => string.Equals(partitions.Of(device.Path["/dev/".Length..]), uuid, StringComparison.OrdinalIgnoreCase));
        }
        return Find(device => device.Signature is { } signature && IsWanted(signature));
    }

    /// <summary>The first device, by name, that fulfils a condition, or null while none does.</summary>
    public FoundDevice? Find(Predicate<FoundDevice> condition)
    {
        using SafeFileHandle directory = FileNodes.TryOpen(null, Encoding.UTF8.GetBytes(Devices), OpenFlags.ReadOnly, 0, out int errno);
        if (errno != 0)
        {
            return null;
        }
        List<string> names = [];
        foreach (DirectoryItem item in DirectoryListing.Read(directory, Devices))
        {
            names.Add(Encoding.UTF8.GetString(item.Name));
        }
        names.Sort(StringComparer.Ordinal);
        foreach (string name in names)
        {
            if (
                !probed.TryGetValue(name, out FileSystemSignature? signature)
                && !IsVirtual(name)
                && TryProbe($"/dev/{name}", out signature)
            )
            {
                probed[name] = signature;
            }
            FoundDevice device = new($"/dev/{name}", signature);
            if (condition(device))
            {
                return device;
            }
        }
        return null;
    }

    /// <summary>Looks at what is there, and tells of it.</summary>
    public string Scan()
    {
        Find(_ => false);
        return Describe();
    }

    /// <summary>What was there instead, for the failure screen.</summary>
    public string Describe()
    {
        if (probed.Count == 0)
        {
            return "There are no block devices at all.";
        }
        StringBuilder text = new("There are:");
        foreach ((string name, FileSystemSignature? signature) in probed)
        {
            text.Append(text[^1] == ':' ? " " : ", ").Append("/dev/").Append(name).Append(signature is null ? "" : $" ({signature})");
        }
        return text.Append('.').ToString();
    }

    private static bool IsVirtual(string name) =>
        name.StartsWith("loop", StringComparison.Ordinal)
        || name.StartsWith("ram", StringComparison.Ordinal)
        || name.StartsWith("zram", StringComparison.Ordinal);

    private static bool TryProbe(string path, out FileSystemSignature? signature)
    {
        signature = null;
        using SafeFileHandle device = FileNodes.TryOpen(
            null,
            Encoding.UTF8.GetBytes(path),
            OpenFlags.ReadOnly | OpenFlags.NonBlocking,
            0,
            out int errno
        );
        if (errno != 0)
        {
            return false;
        }
        byte[] first = new byte[FileSystemSignature.BytesNeeded];
        try
        {
            signature = FileSystemSignature.Read(first.AsSpan(0, FileData.ReadAt(device, first, 0, path)));
        }
        catch (Linux.LinuxException)
        {
            // An empty drive: it answers again when a medium comes, which is another uevent.
            return false;
        }
        return true;
    }

    private bool IsWanted(FileSystemSignature signature)
    {
        const string label = "LABEL=";
        const string uuid = "UUID=";
        return wanted is null ? false
            : wanted.StartsWith(label, StringComparison.Ordinal) ? signature.Label == wanted[label.Length..]
            : wanted.StartsWith(uuid, StringComparison.Ordinal)
                && string.Equals(signature.Uuid, wanted[uuid.Length..], StringComparison.OrdinalIgnoreCase);
    }
}
