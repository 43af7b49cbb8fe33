using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Files;

namespace Rootcast.Init.Stages;

/// <summary>RAID arrays, assembled by mdadm as their disks come.</summary>
/// <param name="mdadm">Runs it with these arguments; its exit code.</param>
public sealed class ArrayAssembly(Func<string[], int> mdadm)
{
    private const string Devices = "/sys/class/block";

    private string seen = "";

    /// <summary>Assembles all that there is, unless no disk came since the last time.</summary>
    /// <returns>Something when every array runs with all of its disks.</returns>
    public string? TryAll()
    {
        List<string> names = Names();
        // What mdadm does makes events too: they alone are no reason to ask it again.
        string disks = string.Join(' ', names.Where(name => !IsArray(name)));
        if (disks == seen)
        {
            return null;
        }
        seen = disks;
        if (mdadm(["--assemble", "--scan", "--no-degraded"]) != 0)
        {
            return null;
        }
        // It succeeds too when an array lacks a disk, and leaves the array there, not started, where no disk that comes could join it.
        bool complete = true;
        foreach (
            string name in Names().Where(name => IsArray(name) && SmallFile.TryReadText($"{Devices}/{name}/md/array_state") is "inactive")
        )
        {
            complete = false;
            mdadm(["--stop", $"/dev/{name}"]);
        }
        return complete ? disks : null;
    }

    private static bool IsArray(string name) => name.StartsWith("md", StringComparison.Ordinal);

    private static List<string> Names()
    {
        using SafeFileHandle directory = FileNodes.Open(Devices, OpenFlags.ReadOnly | OpenFlags.Directory);
        List<string> names = [.. DirectoryListing.Read(directory, Devices).Select(item => Encoding.UTF8.GetString(item.Name))];
        names.Sort(StringComparer.Ordinal);
        return names;
    }
}
