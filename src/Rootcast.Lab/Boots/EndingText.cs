namespace Rootcast.Lab.Boots;

/// <summary>How a boot ended, in words.</summary>
public static class EndingText
{
    /// <summary>One line: the ending, the last mark, and what init said first when it gave up.</summary>
    public static string Of(BootReport report)
    {
        string what = Of(report.Ending, report.Complaints);
        string last = report.Marks.Count > 0 ? $"the last mark was '{report.Marks[^1].Name}'" : "init did not report anything";
        string screen = report.FailureScreen.FirstOrDefault(line => line.Trim().Length > 0) is { } line ? $": {line.Trim()}" : "";
        return $"{what}; {last}{screen}";
    }

    /// <summary>The ending alone: <c>the kernel panicked</c>.</summary>
    /// <param name="ending">The ending.</param>
    /// <param name="complaints">What QEMU said.</param>
    public static string Of(BootEnding ending, string complaints) =>
        ending switch
        {
            BootEnding.Failed => "init gave up",
            BootEnding.Reset => "the machine restarted",
            BootEnding.PoweredOff => "the machine powered off",
            BootEnding.Panicked => "the kernel panicked",
            BootEnding.QemuExited => complaints.Length > 0 ? $"QEMU ended: {complaints}" : "QEMU ended",
            _ => "the deadline passed",
        };
}
