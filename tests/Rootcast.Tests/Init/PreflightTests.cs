using Rootcast.Contract;
using Rootcast.Init.Stages;

namespace Rootcast.Tests;

public sealed class PreflightTests
{
    private const long Mega = 1L << 20;

    [Theory]
    [InlineData(Form.Tmpfs, Carrier.Initrd, 200)]
    [InlineData(Form.Tmpfs, Carrier.Http, 300)]
    [InlineData(Form.Tmpfs, Carrier.Disk, 300)]
    [InlineData(Form.Ramdisk, Carrier.Initrd, 200)]
    [InlineData(Form.Ramdisk, Carrier.Http, 300)]
    [InlineData(Form.Livefs, Carrier.Http, 100)]
    [InlineData(Form.Livefs, Carrier.Initrd, 0)]
    [InlineData(Form.Livefs, Carrier.Disk, 0)]
    [InlineData(Form.Squashfs, Carrier.Http, 100)]
    [InlineData(Form.Squashfs, Carrier.Initrd, 0)]
    [InlineData(Form.Squashfs, Carrier.Disk, 0)]
    [InlineData(Form.Disk, Carrier.Disk, 0)]
    [InlineData(Form.Initramfs, Carrier.Initrd, 0)]
    public void Need_counts_only_what_is_not_in_memory_yet(Form form, Carrier carrier, long megabytes) =>
        Assert.Equal(megabytes * Mega, Preflight.Need(form, carrier, 100 * Mega, 300 * Mega));

    [Fact]
    public void A_medium_that_is_copied_into_memory_is_counted() =>
        Assert.Equal(100 * Mega, Preflight.Need(Form.Squashfs, Carrier.Disk, 100 * Mega, 300 * Mega, copied: true));

    [Fact]
    public void What_fits_to_the_byte_is_let_through()
    {
        long enough = (300 * Mega) + Preflight.Reserve;
        Assert.Equal("form tmpfs needs 332 MiB, 332 MiB are available", Check(Form.Tmpfs, Carrier.Http, enough));
        Assert.Throws<UserError>(() => Check(Form.Tmpfs, Carrier.Http, enough - 1));
    }

    [Fact]
    public void What_does_not_fit_is_told_with_both_numbers_and_the_form_that_would()
    {
        UserError error = Assert.Throws<UserError>(() => Check(Form.Tmpfs, Carrier.Http, 200 * Mega));
        Assert.Equal(
            "form tmpfs by http needs 332 MiB (with 32 MiB for the system), only 200 MiB of 4096 MiB are available",
            error.Message
        );
        Assert.Equal("Form squashfs keeps the tree compressed and fits: it needs about 132 MiB.", error.Hint);
    }

    [Fact]
    public void Where_no_form_fits_a_disk_is_named()
    {
        UserError error = Assert.Throws<UserError>(() => Check(Form.Tmpfs, Carrier.Http, 100 * Mega));
        Assert.Contains("from a disk needs the least", error.Hint, StringComparison.Ordinal);
        error = Assert.Throws<UserError>(() => Check(Form.Squashfs, Carrier.Http, 100 * Mega));
        Assert.Contains("from a disk (rootcast.carrier=disk)", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bound_below_the_tree_is_told_with_the_bound_that_would_do()
    {
        BootPlan plan = Plan(Form.Tmpfs, Carrier.Disk) with { Size = SizeBound.Bytes(100 * Mega) };
        UserError error = Assert.Throws<UserError>(() => Preflight.Check(plan, 100 * Mega, 4096 * Mega, 4000 * Mega));
        Assert.Equal("form tmpfs: the tree needs 300 MiB, rootcast.size=104857600 allows 100 MiB", error.Message);
        Assert.Equal("It would fit: set rootcast.size=330M.", error.Hint);
    }

    [Fact]
    public void Nothing_is_stopped_when_nothing_is_known() =>
        Assert.Contains("does not say", Preflight.Check(new BootPlan { Form = Form.Tmpfs }, 100, 100, 0), StringComparison.Ordinal);

    private static string Check(Form form, Carrier carrier, long available) =>
        Preflight.Check(Plan(form, carrier), 100 * Mega, 4096 * Mega, available);

    private static BootPlan Plan(Form form, Carrier carrier) =>
        new()
        {
            Form = form,
            Carrier = carrier,
            Artefact = new ArtefactIdentity("sha256:" + new string('0', 64), 100 * Mega, 300 * Mega),
        };
}
