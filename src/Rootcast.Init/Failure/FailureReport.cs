using System.Text;
using Rootcast.Contract;
using Rootcast.Init.Network;
using Rootcast.Linux.Events;

namespace Rootcast.Init.Failure;

/// <summary>Tells the boot server of <c>rootcast.report=</c> why a boot failed: the screen, the last lines of init's log and of the kernel's.</summary>
public static class FailureReport
{
    private const int KernelLines = 200;
    private const int LogLines = 100;
    private const int LongestLine = 800;
    private const int Attempts = 3;

    /// <summary>Sends it; when it failed before it had a network, looks for one first.</summary>
    /// <param name="boot">The boot.</param>
    /// <param name="screen">The failure screen.</param>
    public static void Send(Boot boot, IReadOnlyList<string> screen)
    {
        ReportStart.RunAfterFailure(boot);
        if (boot.Journal.Report is { } report)
        {
            string text = Compose(boot.Journal.UnreportedMarks(), screen, boot.Journal.Lines, KernelLog.All());
            // The kernel logs its command line, and a token that was not used yet is still good.
            text = boot.Plan.Token is { Length: > 0 } token ? text.Replace(token, "...", StringComparison.Ordinal) : text;
            // Behind a balancer another server may be there where one was not.
            for (int i = 0; i < Attempts && !report.Send(text); i++) { }
        }
    }

    /// <summary>The lines that are sent.</summary>
    /// <param name="marks">Lines that the server has not got yet.</param>
    /// <param name="screen">The failure screen.</param>
    /// <param name="log">What init said.</param>
    /// <param name="kernel">What the kernel said.</param>
    public static string Compose(string marks, IReadOnlyList<string> screen, IReadOnlyList<string> log, IReadOnlyList<string> kernel)
    {
        StringBuilder text = new(marks);
        Add("fail", screen, screen.Count);
        Add("log", log, LogLines);
        Add("kernel", kernel, KernelLines);
        return text.ToString();

        void Add(string kind, IReadOnlyList<string> lines, int most)
        {
            for (int i = Math.Max(0, lines.Count - most); i < lines.Count; i++)
            {
                string line = lines[i].Replace('\n', ' ');
                text.Append(new GuestEvent(kind, line.Length <= LongestLine ? line : line[..LongestLine]).ToString()).Append('\n');
            }
        }
    }
}
