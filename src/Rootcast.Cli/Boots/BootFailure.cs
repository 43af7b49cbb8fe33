using Rootcast.Contract;
using Rootcast.Lab.Boots;

namespace Rootcast.Cli.Boots;

/// <summary>A boot that did not come to what was waited for, in words.</summary>
internal static class BootFailure
{
    private const int ConsoleLines = 25;

    /// <summary>The error, or null when all is well.</summary>
    public static UserError? Of(BootReport report, string? until)
    {
        if (
            until is null
                ? report.Ending is BootEnding.PoweredOff or BootEnding.Reset or BootEnding.QemuExited
                : report.Ending == BootEnding.Reached
        )
        {
            return report.Complaints.Length > 0 && report.Ending == BootEnding.QemuExited
                ? new UserError($"QEMU says: {report.Complaints}", "Check the options of this boot.")
                : null;
        }
        string goal = until is null ? "" : $" before '{until}'";
        string last = report.Marks.Count > 0 ? $"; the last mark was '{report.Marks[^1].Name}'" : "; init did not report anything";
        string what = EndingText.Of(report.Ending, report.Complaints);
        IEnumerable<string> shown = report.FailureScreen.Count > 0 ? report.FailureScreen : LastLines(report.ConsoleLog);
        string lines = string.Join('\n', shown.Select(line => "  | " + line));
        return new UserError(
            $"the boot failed: {what}{goal}{last}" + (lines.Length > 0 ? "\n" + lines : ""),
            $"Read the whole console in {report.ConsoleLog}, or watch the boot: rootcast boot ... --console"
        );
    }

    /// <summary>The end of a guest's console, without what a terminal would make of it.</summary>
    private static IEnumerable<string> LastLines(string consoleLog)
    {
        if (!File.Exists(consoleLog))
        {
            return [];
        }
        using FileStream log = File.OpenRead(consoleLog);
        log.Seek(-Math.Min(log.Length, 64 << 10), SeekOrigin.End);
        using StreamReader reader = new(log);
        string[] lines = reader.ReadToEnd().TrimEnd().Split('\n');
        return lines.TakeLast(ConsoleLines).Select(line => string.Concat(line.Where(c => !char.IsControl(c) || c == '\t')));
    }
}
