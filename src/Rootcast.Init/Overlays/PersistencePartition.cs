using Rootcast.Init.Devices;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Overlays;

/// <summary>live-boot's persistence (persistence.conf(5)): a partition of a known label, whose <c>persistence.conf</c> says what of the tree is kept
/// there. Init keeps all of it (<c>/ union</c>) or nothing.</summary>
public static class PersistencePartition
{
    private const string Configuration = "persistence.conf";

    /// <summary>Sticks take about two seconds to appear, and a boot menu may ask for persistence where no partition is.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The partition; null when none comes.</summary>
    public static FoundDevice? TryFind(Boot boot)
    {
        BlockDeviceSearch search = new(boot.Plan.OverlayDevice);
        FoundDevice? device = boot.Devices.WaitFor(Patience, search.Find);
        if (device is null)
        {
            boot.Journal.Problem($"persistence: no partition is {boot.Plan.OverlayDevice}; what is written goes to memory");
        }
        return device;
    }

    /// <summary>Holds the partition against its configuration.</summary>
    /// <param name="boot">The boot.</param>
    /// <param name="directory">Where it is mounted.</param>
    /// <returns>The directory; null when the configuration does not ask for the whole root.</returns>
    public static string? Check(Boot boot, string directory)
    {
        if (WantsWholeRoot(SmallFile.TryReadText($"{directory.TrimEnd('/')}/{Configuration}"), boot.Journal.Problem))
        {
            return directory;
        }
        Mounting.Unmount(OverlayDevice.Place);
        return null;
    }

    /// <summary>Reads a persistence.conf.</summary>
    /// <param name="text">What is in it; null when it is absent.</param>
    /// <param name="refuse">Is told what cannot be honoured.</param>
    /// <returns>Whether it says <c>/ union</c>.</returns>
    public static bool WantsWholeRoot(string? text, Action<string> refuse)
    {
        bool whole = false;
        foreach (ReadOnlySpan<char> read in (text ?? "").AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> line = read.Trim();
            if (line.IsEmpty || line[0] == '#')
            {
                continue;
            }
            int space = line.IndexOfAny(' ', '\t');
            ReadOnlySpan<char> options = space < 0 ? [] : line[space..].Trim();
            if (space > 0 && line[..space] is "/" && options is "union" or "union,source=." or "source=.,union")
            {
                whole = true;
            }
            else
            {
                refuse($"{Configuration}: \"{line}\" can't be honoured: only \"/ union\" is");
            }
        }
        if (!whole)
        {
            refuse($"persistence: the partition's {Configuration} does not say \"/ union\"; what is written goes to memory");
        }
        return whole;
    }
}
