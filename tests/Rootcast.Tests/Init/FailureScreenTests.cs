using Rootcast.Contract;
using Rootcast.Init.Failure;

namespace Rootcast.Tests;

public sealed class FailureScreenTests
{
    private static readonly BootPlan Plan = new()
    {
        Form = Form.Squashfs,
        Carrier = Carrier.Disk,
        Device = "LABEL=images",
        Path = "/root.squashfs",
    };

    [Fact]
    public void The_screen_says_stage_cause_and_what_to_do()
    {
        UserError error = new(
            "carrier disk: no block device is LABEL=images after 60 s. There are: /dev/vda (ext4 LABEL=data UUID=0c7c0e4e-6a55-4d4c-8a9c-7f6a4dd3a1a5).",
            "Check rootcast.device=, that the disk is attached, and that the initramfs has the module of its controller."
        );
        string[] log = [.. Enumerable.Range(0, 9).Select(i => $"[{i}.000000] artefact: line {i} {new string('x', i * 12)}")];
        IReadOnlyList<string> lines = FailureScreen.Compose("artefact", error, Plan, log);
        Golden.Assert("failure-screen.txt", string.Join('\n', lines) + "\n" + FailureScreen.Announce(OnFail.Reboot, Plan.Countdown) + "\n");
    }

    [Fact]
    public void It_fits_a_screen_whatever_went_wrong()
    {
        InvalidOperationException error = new(string.Join(' ', Enumerable.Repeat("a long story", 500)));
        string[] log = [.. Enumerable.Repeat(new string('y', 300), 100)];
        IReadOnlyList<string> lines = FailureScreen.Compose("root", error, Plan, log);
        Assert.True(lines.Count <= 23, $"{lines.Count} lines and the announcement");
        Assert.All(lines, line => Assert.True(line.Length <= 83, line));
    }
}
