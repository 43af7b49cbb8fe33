using Rootcast.Contract;
using Rootcast.Init.Stages;

namespace Rootcast.Tests;

public sealed class PlanReadingTests
{
    [Fact]
    public void The_kernels_command_line_overrides_the_initramfs()
    {
        BootPlan plan = PlanReading.Merge(
            ["rootcast.form=tmpfs rootcast.size=25%\n", "", "quiet rootcast.size=1G rootcast.carrier=disk"],
            out IReadOnlyList<string> problems,
            out _
        )!;
        Assert.Empty(problems);
        Assert.Equal(Form.Tmpfs, plan.Form);
        Assert.Equal(Carrier.Disk, plan.Carrier);
        Assert.Equal(SizeBound.Bytes(1L << 30), plan.Size);
    }

    [Fact]
    public void Without_a_form_there_is_no_plan()
    {
        Assert.Null(PlanReading.Merge(["quiet"], out IReadOnlyList<string> problems, out _));
        Assert.Contains("rootcast.form=", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("rootcast.verify", true)]
    [InlineData("rootcast.verify=no", false)]
    public void Verify_is_the_carriers_choice_unless_it_is_said(string text, bool? verify)
    {
        BootPlan plan = PlanReading.Merge(["rootcast.form=squashfs", text], out _, out _)!;
        Assert.Equal(verify, plan.Verify);
        Assert.Equal(plan, BootPlan.Parse(plan.ToArguments(), out _));
    }
}
