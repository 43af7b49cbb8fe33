namespace Rootcast.Images.Disks;

/// <summary>Who uses a disk at the moment.</summary>
public static class DiskUse
{
    /// <summary>Why nothing may be written to a disk, in words that follow its name; null when nobody uses it.</summary>
    /// <param name="device">Its name in /sys/class/block: <c>sda</c>.</param>
    /// <param name="sys">/sys, or a stand-in.</param>
    /// <param name="mounts">The text of /proc/self/mountinfo.</param>
    /// <param name="swaps">The text of /proc/swaps.</param>
    public static string? Of(string device, string sys, string mounts, string swaps)
    {
        string directory = Path.Combine(sys, "class/block", device);
        IEnumerable<string> names = Directory
            .GetDirectories(directory)
            .Where(path => File.Exists(Path.Combine(path, "partition")))
            .Select(path => Path.GetFileName(path)!)
            .Order(StringComparer.Ordinal)
            .Prepend(device);
        foreach (string name in names)
        {
            string who = name == device ? "it" : $"its partition /dev/{name}";
            string own = name == device ? directory : Path.Combine(directory, name);
            if (MountPoint(name, ReadText(Path.Combine(own, "dev")), mounts) is { } mountPoint)
            {
                return $"is in use: {who} is mounted on {mountPoint}";
            }
            if (swaps.Split('\n').Any(line => line.StartsWith($"/dev/{name} ", StringComparison.Ordinal)))
            {
                return $"is in use: {who} is swap space";
            }
            string holders = Path.Combine(own, "holders");
            if (Directory.Exists(holders) && Directory.GetFileSystemEntries(holders) is { Length: > 0 } held)
            {
                string holder = Path.GetFileName(held[0]);
                string named = ReadText(Path.Combine(sys, "class/block", holder, "dm/name"));
                return $"is in use: {who} is held by /dev/{holder}{(named.Length > 0 ? $" ({named})" : "")}";
            }
        }
        return null;
    }

    /// <summary>Which loop device a file is attached to; null for none.</summary>
    public static string? LoopOf(string file, string sys)
    {
        foreach (string loop in Directory.GetDirectories(Path.Combine(sys, "block"), "loop*"))
        {
            if (ReadText(Path.Combine(loop, "loop/backing_file")) == file)
            {
                return $"/dev/{Path.GetFileName(loop)}";
            }
        }
        return null;
    }

    /// <summary>proc_pid_mountinfo(5): the third field is the device's number, the fifth the mount point; what stands after <c>-</c> names the device,
    /// for those that mount by a number of their own (btrfs).</summary>
    private static string? MountPoint(string name, string number, string mounts)
    {
        foreach (string line in mounts.Split('\n'))
        {
            string[] fields = line.Split(' ');
            int dash = Array.IndexOf(fields, "-");
            if (fields.Length > 5 && (fields[2] == number || (dash > 0 && dash + 2 < fields.Length && fields[dash + 2] == $"/dev/{name}")))
            {
                return fields[4].Replace("\\040", " ", StringComparison.Ordinal);
            }
        }
        return null;
    }

    private static string ReadText(string path) => File.Exists(path) ? File.ReadAllText(path).Trim() : "";
}
