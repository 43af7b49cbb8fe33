using Rootcast.Contract;
using Rootcast.Lab.Boots;

namespace Rootcast.Vm.Tests;

/// <summary>What a boot must have come to; else the test fails with all that the guest said.</summary>
internal static class Expect
{
    private const int ConsoleLines = 80;
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(30);

    public static void Ready(BootReport report)
    {
        if (report.Ending != BootEnding.Reached || !report.Ready)
        {
            Assert.Fail(Describe(report));
        }
    }

    public static void Ended(BootEnding ending, BootReport report)
    {
        if (report.Ending != ending)
        {
            Assert.Fail($"expected {ending}\n{Describe(report)}");
        }
    }

    /// <summary>Init gave up, and its screen has each of the texts.</summary>
    public static void Failed(BootReport report, params string[] texts)
    {
        string screen = string.Join('\n', report.FailureScreen);
        string[] absent = [.. texts.Where(text => !screen.Contains(text, StringComparison.OrdinalIgnoreCase))];
        if (report.FailureScreen.Count == 0 || absent.Length > 0)
        {
            Assert.Fail($"expected a failure screen with: {string.Join(" | ", absent)}\n{Describe(report)}");
        }
        Assert.DoesNotContain(report.Marks, mark => mark.Name == Marks.SwitchRoot);
    }

    /// <summary>A check that the guest ran (<see cref="Recipes.Debian"/>) said ok.</summary>
    public static void Check(BootReport report, string name) => Said(report, name, "ok");

    /// <summary>A check that the guest ran said what it must.</summary>
    public static void Said(BootReport report, string name, string text)
    {
        GuestEvent found = report.Events.FirstOrDefault(said =>
            said.Kind == "check" && said.Text.StartsWith(name + " ", StringComparison.Ordinal)
        );
        if (found.Text != $"{name} {text}")
        {
            Assert.Fail($"the guest's check '{name}' said '{found.Text}'\n{Describe(report)}");
        }
    }

    /// <summary>The guest ended in time once it began to, and nothing complained.</summary>
    public static void CleanEnd(BootReport report)
    {
        IReadOnlyList<string> complaints = ConsoleEnd.Complaints(File.ReadAllText(report.ConsoleLog));
        if (complaints.Count > 0)
        {
            Assert.Fail($"the end was not clean:\n{string.Join('\n', complaints)}\n{Describe(report)}");
        }
        Assert.True(report.AfterLastMark <= LongestEnd, $"the end took {report.AfterLastMark.TotalSeconds:0.0} s\n{Describe(report)}");
    }

    public static string Describe(BootReport report)
    {
        IEnumerable<string> console = File.Exists(report.ConsoleLog) ? File.ReadLines(report.ConsoleLog).TakeLast(ConsoleLines) : [];
        return string.Join(
            '\n',
            [
                $"ending: {report.Ending}  {report.Complaints}",
                .. report.Marks.Select(mark => $"  {mark.Time.TotalSeconds, 8:0.000} s  {mark.Name}"),
                .. report.Events.Where(said => said.Kind is not ("mark" or "memory" or "fail")).Select(said => $"  {said}"),
                "failure screen:",
                .. report.FailureScreen.Select(line => $"  | {line}"),
                $"console ({report.ConsoleLog}):",
                .. console.Select(line => $"  {string.Concat(line.Where(c => !char.IsControl(c)))}"),
            ]
        );
    }
}
