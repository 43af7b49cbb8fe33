using System.Globalization;
using System.Text;
using Rootcast.Linux.Files;

namespace Rootcast.Linux.Memory;

/// <summary>What a process holds, by /proc/PID/smaps_rollup, in bytes. Of a page that n processes map, each has the n-th part (PSS).</summary>
/// <param name="Pid">Its number.</param>
/// <param name="Name">Its name (comm).</param>
/// <param name="IsRootDaemon">Whether it marks itself as what the root lies on: its first argument begins with <c>@</c>, as systemd has it
/// (systemd.io/ROOT_STORAGE_DAEMONS).</param>
/// <param name="Anonymous">Pss_Anon: its own data.</param>
/// <param name="File">Pss_File: pages of the page cache that it maps.</param>
/// <param name="Shared">Pss_Shmem: pages of tmpfs and shared memory that it maps.</param>
public sealed record ProcessMemory(int Pid, string Name, bool IsRootDaemon, long Anonymous, long File, long Shared)
{
    /// <summary>Reads one process; null when it is gone, a kernel thread, or not ours to read.</summary>
    public static ProcessMemory? TryRead(int pid)
    {
        string directory = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}");
        return SmallFile.TryReadText(directory + "/smaps_rollup") is { Length: > 0 } rollup
            ? Parse(pid, SmallFile.TryReadText(directory + "/comm") ?? "", SmallFile.TryReadText(directory + "/cmdline") ?? "", rollup)
            : null;
    }

    /// <summary>Makes one of the files' texts.</summary>
    /// <param name="pid">Its number.</param>
    /// <param name="name">The text of comm.</param>
    /// <param name="commandLine">The text of cmdline.</param>
    /// <param name="rollup">The text of smaps_rollup.</param>
    public static ProcessMemory Parse(int pid, string name, string commandLine, string rollup) =>
        new(
            pid,
            name,
            commandLine.StartsWith('@'),
            MemoryInfo.Field(rollup, "Pss_Anon:"),
            MemoryInfo.Field(rollup, "Pss_File:"),
            MemoryInfo.Field(rollup, "Pss_Shmem:")
        );

    /// <summary>The numbers of all processes.</summary>
    public static IReadOnlyList<int> Running()
    {
        using var proc = FileNodes.Open("/proc", OpenFlags.ReadOnly | OpenFlags.Directory);
        List<int> running = [];
        foreach (DirectoryItem item in DirectoryListing.Read(proc, "/proc"))
        {
            if (int.TryParse(Encoding.ASCII.GetString(item.Name), NumberStyles.None, CultureInfo.InvariantCulture, out int pid))
            {
                running.Add(pid);
            }
        }
        return running;
    }
}
