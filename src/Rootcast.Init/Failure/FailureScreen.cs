using System.Text;
using Rootcast.Contract;
using Rootcast.Linux;

namespace Rootcast.Init.Failure;

/// <summary>The one screen that a boot which failed leaves: which stage, what was to be done, what went wrong, what to do, and the last that
/// the log said. At most 24 lines of 79 columns.</summary>
public static class FailureScreen
{
    private const int Width = 79;
    private const int Indent = 9;
    private const int LinesOfLog = 6;
    private const int LongestField = 5;
    private static readonly string Rule = new('=', Width);

    /// <summary>Composes the screen.</summary>
    /// <param name="stage">Where it failed.</param>
    /// <param name="error">Why.</param>
    /// <param name="plan">What was to be done; null when there was no plan.</param>
    /// <param name="log">What was said so far; the last lines are shown.</param>
    /// <returns>Its lines.</returns>
    public static IReadOnlyList<string> Compose(string stage, Exception error, BootPlan? plan, IReadOnlyList<string> log)
    {
        List<string> lines = [Rule, $" Rootcast could not boot this machine (stage: {stage})", Rule];
        if (plan is not null)
        {
            Field(lines, "Plan", Describe(plan));
        }
        Field(
            lines,
            "Failed",
            error is UserError or LinuxException or IOException or InvalidDataException ? error.Message : $"a bug: {error}"
        );
        Field(lines, "To do", Hint(error));
        lines.Add("");
        lines.Add(" The last lines of the log:");
        for (int i = Math.Max(0, log.Count - LinesOfLog); i < log.Count; i++)
        {
            lines.Add("  " + (log[i].Length <= Width - 2 ? log[i] : log[i][..(Width - 3)] + "~"));
        }
        lines.Add(Rule);
        return lines;
    }

    /// <summary>What follows, as the last line of the screen.</summary>
    public static string Announce(OnFail then, TimeSpan countdown) =>
        $" {(then == OnFail.Halt ? "Switches off" : "Restarts")} in {countdown.TotalSeconds:0} s; Enter does it now. rootcast.onfail=shell gives a shell.";

    private static string Describe(BootPlan plan)
    {
        string where = plan.Carrier switch
        {
            Carrier.Disk => $" {plan.Device ?? "any medium"}{(plan.Path is null ? "" : $" {plan.Path}")}",
            Carrier.Http => $" {plan.Url}",
            _ => "",
        };
        return $"form {Names.Of(plan.Form)} by carrier {plan.Carriers}{(plan.Carriers.Count == 1 ? where : "")}";
    }

    private static string Hint(Exception error) =>
        error switch
        {
            UserError user => user.Hint,
            InvalidDataException or EndOfStreamException =>
                "The artefact is not what was cast: deliver it again, and assemble the initrd anew if the image has changed.",
            LinuxException { Number: Errno.NoDevice } =>
                "The kernel does not know this file system or device: cast again with its module (rootcast initramfs why MODULE).",
            LinuxException { Number: Errno.OutOfMemory or Errno.NoSpace } =>
                "Give the machine more memory, or boot form squashfs from a disk.",
            LinuxException => "Look at the kernel's messages above; boot with rootcast.rescue to try it by hand.",
            _ => "Please report this screen with the version of Rootcast.",
        };

    private static void Field(List<string> lines, string name, string text)
    {
        string start = $" {name}".PadRight(Indent);
        StringBuilder line = new(start);
        int used = 1;
        foreach (string word in text.Replace('\n', ' ').Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > Indent && line.Length + 1 + word.Length > Width)
            {
                lines.Add(line.ToString());
                if (++used > LongestField)
                {
                    lines[^1] += " ...";
                    return;
                }
                line.Clear().Append(' ', Indent);
            }
            line.Append(line.Length > Indent ? " " : "").Append(word);
        }
        lines.Add(line.ToString());
    }
}
