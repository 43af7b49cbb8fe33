using Rootcast.Linux.Files;

namespace Rootcast.Init.Failure;

/// <summary>Where people are.</summary>
public static class Terminals
{
    /// <summary>The last console that the kernel uses: /dev/console itself cannot control a session, so there would be no Ctrl-C.</summary>
    public static string Console()
    {
        string active = SmallFile.TryReadText("/sys/class/tty/console/active") ?? "";
        string path = "/dev/" + active[(active.LastIndexOf(' ') + 1)..];
        return path.Length > "/dev/".Length && FileNodes.Exists(path) ? path : "/dev/console";
    }
}
