using System.Globalization;
using Rootcast.Contract;
using Rootcast.Lab.Footprints;
using Rootcast.Lab.Measuring;
using Rootcast.Lab.Reports;

namespace Rootcast.Lab.Studies;

/// <summary>EL6's root in memory: as a disk image, or as files in a tmpfs.</summary>
public sealed class TmpfsVsImage : Study
{
    /// <inheritdoc/>
    public override string Name => "tmpfs-vs-image";

    /// <inheritdoc/>
    public override string Title => "A root of 4 GB in memory: a disk image against the files in a tmpfs";

    /// <inheritdoc/>
    public override IReadOnlyList<Form> Forms { get; } = [Form.Ramdisk, Form.Tmpfs];

    /// <inheritdoc/>
    public override IReadOnlyList<Carrier> Carriers { get; } = [Carrier.Http];

    /// <inheritdoc/>
    public override long MemoryBytes => 8L << 30;

    /// <inheritdoc/>
    public override long WriteBytes => 2000L << 20;

    /// <summary>1012 MB by its packages' own word.</summary>
    protected override IReadOnlyList<string> Packages { get; } = ["build-essential", "python3", "git", "vim", "default-jdk-headless"];

    /// <summary>A tmpfs has half of the machine's memory, which is the same 4 GB.</summary>
    protected override IReadOnlyList<string> FormTexts { get; } = ["{ramdisk: {size: 4G}}", "tmpfs"];

    /// <inheritdoc/>
    public override void Report(StudyPage page, StudyFigures figures)
    {
        CellSummary? image = figures.Find(Form.Ramdisk, Carrier.Http);
        CellSummary? files = figures.Find(Form.Tmpfs, Carrier.Http);
        string clock = figures.Result.Host.TimesAreReal ? "" : $", under {figures.Result.Host.Accelerator}";
        page.Heading("What was published");
        page.Say(
            "\"CentOS/RHEL/SL 6: root filesystem on tmpfs, UPDATE #2\", 23 June 2013: a machine of 8 GB, a root of 4 GB with about 1 GB of files. `free -m` soon after the boot, and "
                + "`time dd if=/dev/zero of=/foobar bs=1M count=2000; time sync`, \"far from being scientifically valid\"."
        );
        page.Heading("`free -m`");
        page.Table(
            ["", "total", "used", "free", "shared", "buffers", "cached"],
            [
                ["image, 2013", "7956", "4272", "3683", "0", "6", "4135"],
                Free("image (`ramdisk` by http)", image),
                ["files, 2013", "7956", "1179", "6777", "0", "0", "1001"],
                Free("files (`tmpfs` by http)", files),
            ]
        );
        page.Say("As `free` was in 2013: used = total − free, and what is in tmpfs is in cached; shared was always 0 then.");
        page.Heading("`dd` and `sync`");
        page.Table(
            ["", $"dd, s{clock}", $"MB/s{clock}", $"sync, s{clock}", "MB/s, sync included"],
            [
                ["image, 2013", "2.458", "853", "0.245", "776"],
                Written("image (`ramdisk` by http)", image),
                ["files, 2013", "0.823", "2547", "0.001", "2545"],
                Written("files (`tmpfs` by http)", files),
            ]
        );
        double then = 2547.0 / 853;
        double now = StudyFigures.Rate(files, "write") / StudyFigures.Rate(image, "write");
        page.Say(
            $"Files are written {then.ToString("0.0", CultureInfo.InvariantCulture)} × as fast as into the image there, {StudyPage.Ratio(now, 1)} × here; with the sync 3.3 × and {StudyPage.Ratio(Whole(files), Whole(image))} ×."
        );
        page.Heading("Who holds it");
        page.Table(
            ["MiB soon after the boot", "image", "files"],
            [
                Kind("the image in memory", RowKinds.MemoryImage),
                Kind("files of a root in a tmpfs", RowKinds.MemoryFiles),
                Kind("files cached a second time", RowKinds.CachedFiles),
                Kind("blocks of the loop device, cached", RowKinds.CachedDevice),
            ]
        );
        page.Heading("Why it differs from what was published");
        page.Item(
            $"Files: used is what the tree takes and what the system runs on, then as now; {StudyPage.Mebibytes(StudyFigures.Owned(files, "ready", row => row.Kind == RowKinds.MemoryFiles))} MiB of it are the tmpfs."
        );
        page.Item(
            $"Image: in 2013 every block was written with dd, so that 4 GB were taken at once. Ours has {StudyPage.Mebibytes(StudyFigures.Owned(image, "ready", row => row.Kind == RowKinds.MemoryImage))} MiB of image in memory."
        );
        page.Item(
            "The order of the two `dd` runs comes of the way that a byte goes: into a tmpfs it is copied once; into the image it goes into ext4's page cache, then through a loop device into the tmpfs that holds the image, and the sync waits for what has not arrived."
        );
        page.Item(
            "Not the same: the tree (a Debian of about 1 GB for CentOS 6.4), the kernel (6.1 for 2.6.32), no real machine"
                + (
                    figures.Result.Host.TimesAreReal
                        ? "."
                        : $", and {figures.Result.Host.Accelerator}, a software emulation: its rates compare with each other alone."
                )
        );

        IReadOnlyList<string> Kind(string what, string kind) =>
            [
                what,
                StudyPage.Mebibytes(StudyFigures.Owned(image, "ready", row => row.Kind == kind)),
                StudyPage.Mebibytes(StudyFigures.Owned(files, "ready", row => row.Kind == kind)),
            ];
    }

    private static IReadOnlyList<string> Free(string what, CellSummary? cell)
    {
        return
        [
            what,
            Of(at => at.Total),
            Of(at => at.Total - at.Free),
            Of(at => at.Free),
            Of(at => at.Shared),
            Of(at => at.Buffers),
            Of(at => at.Cached),
        ];

        string Of(Func<MemoryPoint, double> figure) => StudyPage.Mebibytes(StudyFigures.Memory(cell, Marks.Ready, figure));
    }

    private static IReadOnlyList<string> Written(string what, CellSummary? cell) =>
        [
            what,
            StudyPage.Seconds(StudyFigures.Milliseconds(cell, "write")),
            StudyPage.Megabytes(StudyFigures.Rate(cell, "write")),
            StudyPage.Seconds(StudyFigures.Milliseconds(cell, "sync")),
            StudyPage.Megabytes(Whole(cell)),
        ];

    /// <summary>Bytes a second until the sync is back.</summary>
    private static double Whole(CellSummary? cell) =>
        (2000L << 20) / (StudyFigures.Milliseconds(cell, "write") + StudyFigures.Milliseconds(cell, "sync")) * 1000;
}
