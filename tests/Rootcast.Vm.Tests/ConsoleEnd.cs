using System.Text.RegularExpressions;

namespace Rootcast.Vm.Tests;

/// <summary>What a machine said on its console while it ended: there is nothing else left then that could say anything.</summary>
internal static partial class ConsoleEnd
{
    /// <summary>What the guest writes when it begins to end.</summary>
    public const string Begin = "vm-cell: the end begins";

    /// <summary>What the program in /run/initramfs says when nothing is left of the root.</summary>
    public const string Unmounted = "rootcast: shutdown: the root is unmounted";

    private const int MatchMilliseconds = 10_000;

    /// <summary>Every line that tells of something that could not be unmounted, detached, stopped, read or written.</summary>
    public static IReadOnlyList<string> Complaints(string console)
    {
        string plain = Colours().Replace(console, "").Replace("\r", "", StringComparison.Ordinal);
        int begin = plain.IndexOf(Begin, StringComparison.Ordinal);
        if (begin < 0)
        {
            return [$"'{Begin}' is not on the console"];
        }
        string[] lines = plain[begin..].Split('\n');
        bool unmounted = lines.Any(line => line.Contains(Unmounted, StringComparison.Ordinal));
        // journald is spared to the end on a slow machine, and nobody hears its watchdog then. systemd-shutdown itself cannot let go of what its root lies on, and says so as information when it knows a way back to memory.
        List<string> found = [.. lines.Where(line => Trouble().IsMatch(line) && !(unmounted && StillBusy().IsMatch(line)))];
        if (!unmounted)
        {
            found.Add($"'{Unmounted}' is not on the console");
        }
        return found;
    }

    [GeneratedRegex(@"\x1b\[[0-9;]*[A-Za-z]", RegexOptions.None, MatchMilliseconds)]
    private static partial Regex Colours();

    [GeneratedRegex(
        @"FAILED|Failed to|Failed unmounting|Could not|could not be|Unable to|Device or resource busy|timed out|stop job is running|blocked for more than"
            + @"|I/O error|(EXT4-fs|XFS|BTRFS|SQUASHFS|erofs|overlayfs|loop|device-mapper|dm-\d+)\b.*\b(error|warning|critical|corrupt|invalid|fail)"
            + @"|BUG:|WARNING:|Oops|Call Trace|Kernel panic|Out of memory",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        MatchMilliseconds
    )]
    private static partial Regex Trouble();

    [GeneratedRegex(
        @"systemd-journald\[\d+\]: Failed to send WATCHDOG=1|(systemd-shutdown\[1\]: Could not detach (loopback|DM)|\(sd-umount\)\[\d+\]: Failed to unmount).*: Device or resource busy",
        RegexOptions.ExplicitCapture,
        MatchMilliseconds
    )]
    private static partial Regex StillBusy();
}
