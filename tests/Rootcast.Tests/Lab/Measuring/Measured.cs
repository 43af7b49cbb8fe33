using Rootcast.Lab.Measuring;

namespace Rootcast.Tests;

/// <summary>Results that nobody measured.</summary>
internal static class Measured
{
    private static readonly string[] Forms = ["squashfs", "tmpfs", "zram", "ramdisk", "erofs", "livefs", "disk", "initramfs"];

    /// <summary>A result whose figures differ by form and a little by round; the last run of the last cell failed when it is asked for.</summary>
    public static MeasureResult Result(int cells = 2, int runs = 3, bool withFailure = false, double scale = 1)
    {
        MeasureResult result = new()
        {
            Format = MeasureResult.FormatName,
            Version = MeasureResult.CurrentVersion,
            Created = DateTimeOffset.UnixEpoch,
            Seed = 11,
            Runs = runs,
            WriteBytes = 64 << 20,
            Image = new MeasuredImage(
                "measured",
                "sha256:" + new string('a', 64),
                "debian bookworm",
                "6.1.0-cloud",
                [.. Forms.Take(cells).Select((form, i) => new MeasuredArtefact(form, 100_000_000 + (i * 10_000_000L), i * 200_000_000L))]
            ),
            Host = new MeasuredHost
            {
                System = "Debian",
                Kernel = "6.18",
                Processor = "a <processor> & co",
                Processors = 2,
                MemoryBytes = 24L << 30,
                Qemu = "10.0.2",
                Accelerator = "TCG",
                AcceleratorReason = "there is no /dev/kvm",
                GuestProcessors = 2,
                Rootcast = "rootcast 0.1.0",
                Tools = new Dictionary<string, string> { ["mksquashfs"] = "4.5.1" },
            },
            Cells = [.. Forms.Take(cells).Select(form => new MeasureCell(form, "http", 2L << 30))],
        };
        IEnumerable<MeasuredRun> done = MeasureSchedule
            .Of(cells, runs, result.Seed)
            .Select(run => Run(run.Cell, run.Round, scale, withFailure && run == (cells - 1, runs)));
        return result with { Done = [.. done] };
    }

    private static MeasuredRun Run(int cell, int round, double scale, bool failed)
    {
        MeasuredRun run = new()
        {
            Cell = cell,
            Round = round,
            Started = DateTimeOffset.UnixEpoch.AddMinutes(round),
            Succeeded = !failed,
            Failure = failed ? "init gave up; the last mark was 'artefact-found'" : null,
            HostLoad = 1.5,
            Delivery = new MeasuredDelivery(14_000_000, 4_000_000, 0, 0, 100_000_000 + (cell * 10_000_000), 100_000_000, 101_000_000, 0),
            FirmwareMilliseconds = 900 + round,
            Marks = failed
                ? [new MeasuredMark("init-start", 2000 + round)]
                :
                [
                    new MeasuredMark("init-start", (2000 + round) * scale),
                    new MeasuredMark("root-mounted", (3000 + (cell * 500) + round) * scale),
                    new MeasuredMark("switch-root", (3100 + (cell * 500) + round) * scale),
                    new MeasuredMark("ready", (8000 + (cell * 500) + (round * 10)) * scale),
                ],
            ConsoleLog = "console/x.log",
        };
        if (failed)
        {
            return run;
        }
        long mebibyte = (long)((1 << 20) * scale);
        return run with
        {
            Memory =
            [
                Point("ready", (250 + (cell * 100) + round) * mebibyte),
                Point("written", (320 + (cell * 100) + round) * mebibyte),
                Point("workload", (314 + (cell * 100) + round) * mebibyte),
            ],
            InitPeakBytes = (240 + (cell * 100)) * mebibyte,
            TouchedBytes = (400 + (cell * 100)) * mebibyte,
            Steps = [new MeasuredStep("write", 100 + round, 64 << 20, 0), new MeasuredStep("sync", 3, 0, 0)],
            Footprints =
            [
                new MeasuredFootprint(
                    "ready",
                    (300 + (cell * 100)) * mebibyte,
                    4 * mebibyte,
                    [
                        new MeasuredOwner("tmpfs /run/rootcast/image", "image in memory", (200 + (cell * 100)) * mebibyte, false),
                        new MeasuredOwner("overlay / </script> &", "cached files", 96 * mebibyte, true),
                    ]
                ),
            ],
        };
    }

    private static MemoryPoint Point(string name, long inUse) =>
        new(name, 2L << 30, (2L << 30) - inUse - (30 << 20), (2L << 30) - inUse - (4 << 20), 4 << 20, 0, inUse);
}
