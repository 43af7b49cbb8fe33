using Rootcast.Contract;
using Rootcast.Lab.Footprints;
using Rootcast.Lab.Reports;

namespace Rootcast.Lab.Studies;

/// <summary>A live CD against a plain disk: where does the difference in memory come from?</summary>
public sealed class LiveVsDisk : Study
{
    private const long Least = 1 << 20;

    /// <inheritdoc/>
    public override string Name => "live-vs-disk";

    /// <inheritdoc/>
    public override string Title => "A live image against a plain disk: where does the difference come from?";

    /// <inheritdoc/>
    public override IReadOnlyList<Form> Forms { get; } = [Form.Livefs, Form.Disk];

    /// <inheritdoc/>
    public override IReadOnlyList<Carrier> Carriers { get; } = [Carrier.Disk, Carrier.Http];

    /// <inheritdoc/>
    public override long MemoryBytes => 2L << 30;

    /// <inheritdoc/>
    public override long WriteBytes => 64L << 20;

    /// <summary>What a host of virtual machines has, as oVirt Node is one, without daemons: they would be the same memory on both sides. 574 MB by the packages'
    /// own word.</summary>
    protected override IReadOnlyList<string> Packages { get; } =
    ["qemu-system-x86", "qemu-utils", "python3", "libvirt-clients", "virtinst"];

    /// <inheritdoc/>
    public override void Report(StudyPage page, StudyFigures figures)
    {
        CellSummary? live = figures.Find(Form.Livefs, Carrier.Disk);
        CellSummary? held = figures.Find(Form.Livefs, Carrier.Http);
        CellSummary? disk = figures.Find(Form.Disk, Carrier.Disk);
        page.Heading("What was published");
        page.Say(
            "Fabian Deutsch, \"Taking a look at the memory footprint of a LiveCD and a disk (image)\", 16 June 2014: oVirt Node's live CD of 205 MB with a root of 565 MB "
                + "had 626 MB of memory used (`free -m`) right after its boot into the installer; a plain disk with a root of 1.2 GB, 192 MB. The conclusion there: "
                + "\"all 565 MB are pushed into RAM before the boot can continue\". The question that was left: how to see the memory that squashfs and the device mapper hold."
        );
        page.Heading("The same figures");
        page.Table(
            ["", "live CD, 2014", "livefs from a disk", "livefs by http, its image in memory", "plain disk, 2014", "disk"],
            [
                Row("delivered, MB", "205", "1200", cell => StudyPage.Megabytes(cell.Of(Metrics.Artefact).Median)),
                Row(
                    "used as `free` had it in 2014 (MemTotal − MemFree), MiB",
                    "626",
                    "192",
                    cell => StudyPage.Mebibytes(StudyFigures.NotFree(cell))
                ),
                Row("in use (MemTotal − MemAvailable), MiB", "-", "-", cell => StudyPage.Mebibytes(cell.Of(Metrics.UsedAtReady).Median)),
                Row("most not free until ready, MiB", "-", "-", cell => StudyPage.Mebibytes(cell.Of(Metrics.PeakNotFree).Median)),
                Row(
                    "used in that way, when every file was read once, MiB",
                    "-",
                    "-",
                    cell => StudyPage.Mebibytes(StudyFigures.NotFree(cell, "read"))
                ),
            ]
        );
        page.Heading("Who holds it");
        page.Say("The question, answered: MiB by what kind of memory it is, soon after the boot, and when every file was read once.");
        Kinds(page, "ready", live, held, disk);
        Kinds(page, "read", live, held, disk);
        if (live is not null && disk is not null)
        {
            Differences(page, "livefs from a disk", live, disk);
        }
        if (held is not null && disk is not null)
        {
            Differences(page, "livefs by http", held, disk);
        }
        page.Heading("Why it differs from what was published");
        Explain(page, live, held, disk);

        IReadOnlyList<string> Row(string what, string liveThen, string diskThen, Func<CellSummary, string> figure) =>
            [what, liveThen, Of(live, figure), Of(held, figure), diskThen, Of(disk, figure)];
    }

    private static string Of(CellSummary? cell, Func<CellSummary, string> figure) => cell is null ? "-" : figure(cell);

    private static void Kinds(StudyPage page, string point, params CellSummary?[] cells)
    {
        page.Table(
            [point == "ready" ? "soon after the boot" : "when everything was read", "livefs from a disk", "livefs by http", "disk"],
            [
                Row("the compressed image itself, in memory", row => row.Kind == RowKinds.MemoryImage),
                Row(
                    "compressed blocks of it, cached",
                    row => row.Kind == RowKinds.CachedDevice && row.Owner.StartsWith("squashfs", StringComparison.Ordinal)
                ),
                Row("decompressed: the disk image in the squashfs, cached", row => row.Kind == RowKinds.CachedImage),
                Row("decompressed again, or read: files of the root, cached", row => row.Kind == RowKinds.CachedFiles),
                Row(
                    "the root's own blocks, cached",
                    row => row.Kind == RowKinds.CachedDevice && !row.Owner.StartsWith("squashfs", StringComparison.Ordinal)
                ),
                Row("what was written since (exception store)", row => row.Kind == RowKinds.ExceptionStore),
                Row(
                    "squashfs itself: slab, vmalloc, module, own caches",
                    row => row.Owner.StartsWith("squashfs", StringComparison.Ordinal) && IsDrivers(row.Kind)
                ),
                Row("device mapper itself", row => row.Owner.StartsWith("device-mapper", StringComparison.Ordinal)),
                Row("processes", row => row.Owner.StartsWith("processes", StringComparison.Ordinal) && row.Kind != RowKinds.CachedFiles),
            ]
        );

        IReadOnlyList<string> Row(string what, Func<Measuring.MeasuredOwner, bool> test) =>
            [what, .. cells.Select(cell => cell is null ? "-" : StudyPage.Mebibytes(StudyFigures.Owned(cell, point, test)))];
    }

    private static bool IsDrivers(string kind) => kind is RowKinds.Slab or RowKinds.Vmalloc or RowKinds.Module or RowKinds.Caches;

    private static void Differences(StudyPage page, string title, CellSummary one, CellSummary disk)
    {
        page.Say($"Row by row, {title} less the plain disk, MiB soon after the boot:");
        page.Table(
            ["owner", "kind", title, "disk", "difference"],
            StudyFigures
                .Differences(one, disk, "ready", Least)
                .Select(row =>
                    (IReadOnlyList<string>)
                        [row.Owner, row.Kind, StudyPage.Mebibytes(row.One), StudyPage.Mebibytes(row.Other), StudyPage.Mebibytes(row.More)]
                )
        );
    }

    private static void Explain(StudyPage page, CellSummary? live, CellSummary? held, CellSummary? disk)
    {
        double used = StudyFigures.NotFree(live);
        double decompressed = StudyFigures.Owned(live, "ready", row => row.Kind is RowKinds.CachedImage or RowKinds.CachedFiles);
        page.Item(
            $"Nothing of the root is pushed into memory before the boot: soon after it {StudyPage.Mebibytes(decompressed)} MiB are there decompressed, which are what was read, and the kernel can take them back."
        );
        page.Item(
            $"The 626 MB were counted by a `free` whose \"used\" has the page cache in it. Counted so ours has {StudyPage.Mebibytes(used)} MiB, {StudyPage.Ratio(used, StudyFigures.NotFree(disk))} × the disk's; in use it has {StudyPage.Mebibytes(live?.Of(Metrics.UsedAtReady).Median ?? double.NaN)} MiB."
        );
        page.Item(
            $"A nested live image caches what is read twice, as a part of the disk image and as a file: when everything was read, {StudyPage.Mebibytes(StudyFigures.Owned(live, "read", row => row.Kind == RowKinds.CachedImage))} and {StudyPage.Mebibytes(StudyFigures.Owned(live, "read", row => row.Kind == RowKinds.CachedFiles))} MiB. A machine that had read much of its root by the time of `free`, as an installer with its checks does, comes to 626 MB that way."
        );
        page.Item(
            $"Only where the image itself is in memory (`toram`, a root fetched from a server) is there a part that cannot be given back: {StudyPage.Mebibytes(StudyFigures.Owned(held, "ready", row => row.Kind == RowKinds.MemoryImage))} MiB here, the compressed image, once."
        );
        page.Item(
            "Not the same: the tree (a Debian of today for a Fedora of 2014, of about the same size and purpose), the kernel, zstd for gzip or xz, Rootcast's initramfs for dracut's. Rootcast reads the image past the page cache (direct I/O) and drops what the boot has left decompressed once; `--peers` boots the same tree by dracut and live-boot."
        );
    }
}
