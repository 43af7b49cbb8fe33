using System.Globalization;
using Rootcast.Contract;
using Rootcast.Lab.Boots;

namespace Rootcast.Vm.Tests;

/// <summary>Every form by every carrier that can bring it: is it writable, can a package be installed, is nothing of the initramfs left, and does the machine
/// end cleanly. What the guest checks is in <see cref="Recipes"/>' <c>vm-cell</c>.</summary>
public class MatrixTests(GuestLab lab)
{
    private const string Reboot = "reboot";
    private const string PowerOff = "poweroff";

    /// <summary>More than this of hidden memory is something that was left behind.</summary>
    private const long Crumbs = 1 << 20;

    /// <summary>One of each way that an artefact is held, for the tier that runs at every change.</summary>
    public static TheoryData<Form, Carrier, string> Representative { get; } =
        new((Form.Livefs, Carrier.Initrd, Reboot), (Form.Ramdisk, Carrier.Http, PowerOff));

    /// <summary>All others.</summary>
    public static TheoryData<Form, Carrier, string> Others { get; } =
        new(
            from form in Enum.GetValues<Form>()
            where !FormCarriers.IsPool(form)
            from carrier in Enum.GetValues<Carrier>()
            where FormCarriers.Fit(form, carrier)
            from end in new[] { Reboot, PowerOff }
            where !Representative.Any(row => row.Data == (form, carrier, end))
            select (form, carrier, end)
        );

    [Theory]
    [MemberData(nameof(Representative))]
    public Task ACellWorksAndEndsCleanly(Form form, Carrier carrier, string end) => CheckAsync(form, carrier, end);

    [Theory]
    [Trait("tier", "full")]
    [MemberData(nameof(Others))]
    public Task EveryOtherCellWorksAndEndsCleanly(Form form, Carrier carrier, string end) => CheckAsync(form, carrier, end);

    private async Task CheckAsync(Form form, Carrier carrier, string end)
    {
        BootReport report = await lab.BootAsync(
            new Scenario
            {
                Form = form,
                Carrier = carrier,
                Arguments = $"vm.cell={end}",
                Deadline = 2 * GuestLab.Deadline,
                Until = null,
            }
        );
        Expect.Ended(end == Reboot ? BootEnding.Reset : BootEnding.PoweredOff, report);
        string[] always = ["files", "mounts", "processes", "descriptors", "units"];
        foreach (string check in end == Reboot ? [.. always, "written", "packages"] : always)
        {
            Expect.Check(report, check);
        }
        ExpectNothingHidden(report, await HeldInRootfsAsync(form, carrier));
        ExpectDocumented(report);
        Expect.CleanEnd(report);
    }

    /// <summary>The rootfs cannot be seen any more; the payload may lie there below the loop device of the root, and nothing else.</summary>
    private async Task<long> HeldInRootfsAsync(Form form, Carrier carrier) =>
        carrier == Carrier.Initrd && form is Form.Squashfs or Form.Erofs or Form.Livefs
            ? new FileInfo(await lab.ArtefactAsync(form)).Length
            : 0;

    private static void ExpectNothingHidden(BootReport report, long held)
    {
        GuestEvent said = report.Events.Single(said => said.Kind == "hidden");
        long hidden = long.Parse(said.Text, CultureInfo.InvariantCulture) << 10;
        Assert.True(
            hidden <= held + Crumbs,
            $"{hidden} bytes are in memory where nobody sees them, {held} have a reason\n{Expect.Describe(report)}"
        );
    }

    /// <summary>What is kept below /run/rootcast is in docs/boot.md.</summary>
    private static void ExpectDocumented(BootReport report)
    {
        string page = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "boot.md"));
        string section = page[
            page.IndexOf("## 3. After the handover", StringComparison.Ordinal)..page.IndexOf("### The end", StringComparison.Ordinal)
        ];
        string[] unknown =
        [
            .. report
                .Events.Where(said => said.Kind == "kept" && !section.Contains($"`{said.Text}`", StringComparison.Ordinal))
                .Select(said => said.Text)
                .Distinct(StringComparer.Ordinal),
        ];
        Assert.True(unknown.Length == 0, $"docs/boot.md does not name below /run/rootcast: {string.Join(", ", unknown)}");
    }
}
