using System.Globalization;
using System.Text;
using Rootcast.Contract;
using Rootcast.Linux.Files;

namespace Rootcast.Init.RootDaemons;

/// <summary>A root daemon that was started, or the programs of form <c>zfs</c>, of which none runs.</summary>
/// <param name="Description">What it is.</param>
/// <param name="Watcher">Number of the process that waits for its end; the daemon is its only child. Null where the kernel serves the root.</param>
public sealed record RunningDaemon(RootDaemon Description, int? Watcher)
{
    /// <summary>Its root in this system.</summary>
    public string Place => PlaceOf(Description);

    /// <summary>Where in this system it mounts what it serves.</summary>
    public string Served => $"{Place}/{PrivateRoot.Served}";

    /// <summary>What it writes to its standard output and error.</summary>
    public string Log => PlaceOf(Description) + PrivateRoot.Log;

    /// <summary>Where the root of a daemon is in this system.</summary>
    public static string PlaceOf(RootDaemon daemon) => $"{InitramfsPaths.RunningDaemons}/{daemon.Name}";

    /// <summary>The daemon's own process number; null when it has ended.</summary>
    public int? Process()
    {
        string children = string.Create(CultureInfo.InvariantCulture, $"/proc/{Watcher}/task/{Watcher}/children");
        string text = SmallFile.TryReadText(children) ?? "";
        return int.TryParse(text.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int process) ? process : null;
    }

    /// <summary>The last lines that it said, oldest first.</summary>
    /// <param name="most">How many.</param>
    public IReadOnlyList<string> LastLines(int most)
    {
        if (!FileNodes.Exists(Log))
        {
            return [];
        }
        string[] lines = Encoding.UTF8.GetString(SmallFile.ReadBytes(Log)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines[Math.Max(0, lines.Length - most)..];
    }
}
