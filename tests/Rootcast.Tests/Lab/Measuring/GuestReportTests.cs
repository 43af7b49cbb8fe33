using Rootcast.Contract;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Measuring;
using Rootcast.Lab.Running;
using Rootcast.Lab.Statistics;

namespace Rootcast.Tests;

public class GuestReportTests
{
    private static readonly string[] Said =
    [
        "mark init-start 2000000000",
        "mark root-mounted 3000000000",
        "used root-mounted 104857600 1800000000",
        "mark switch-root 3100000000",
        "used switch-root 94371840 1810000000",
        "peak 110000000 5000000 1790000000",
        "mark ready 9000000000",
        "memory MemTotal:        2000000 kB",
        "memory MemFree:         1500000 kB",
        "memory MemAvailable:    1700000 kB",
        "memory PerCpuFree: 1000 kB",
        "sampled 120 1200000000 1300000000",
        "stage initramfs-end 2950000000",
        "received 123456",
        "disk 512000",
        "systemd UserspaceTimestampMonotonic=3500000",
        "systemd GeneratorsFinishTimestampMonotonic=4500000",
        "systemd UnitsLoadFinishTimestampMonotonic=0",
        "systemd ",
        "fact page size 4096",
        "footprint ready {",
        "footprint ready   \"usedBytes\": 100, \"remainderBytes\": -2,",
        "footprint ready   \"rows\": [ { \"owner\": \"tmpfs /\", \"kind\": \"tmpfs\", \"bytes\": 102, \"reclaimable\": false, \"later\": 1 } ]",
        "footprint ready }",
        "step read-cold 500000000 240000000 0",
        "at read MemTotal:        2000000 kB",
        "at read MemFree:         1000000 kB",
        "at read MemAvailable:    1690000 kB",
        "at read Measuring: 22000 kB",
        "footprint read {\"usedBytes\"",
        "problem write: dd: no space",
        "done",
    ];

    [Fact]
    public void WhatTheGuestSaysIsTheRun()
    {
        MeasuredRun run = Read(Said);
        Assert.Equal(
            ["init-start", "initramfs-end", "root-mounted", "switch-root", "systemd-start", "systemd-generators", "ready"],
            run.Marks.Select(mark => mark.Name)
        );
        Assert.Equal(3500, run.TimeOf("systemd-start"));
        Assert.Equal(["root-mounted", "switch-root", "ready", "read"], run.Memory.Select(point => point.Name));
        Assert.Equal(299_000L << 10, run.MemoryAt("ready")!.InUse);
        Assert.Equal(288_000L << 10, run.MemoryAt("read")!.InUse);
        Assert.Equal(104857600, run.MemoryAt("root-mounted")!.InUse);
        Assert.Equal((110000000, 5000000, 1790000000), (run.InitPeakBytes, run.InitResidentBytes, run.InitLeastFreeBytes));
        Assert.Equal((120, 1200000000, 1300000000), (run.Samples, run.LeastFreeBytes, run.LeastAvailableBytes));
        Assert.Equal((2000000L << 10) - 1200000000, run.PeakNotFreeBytes);
        Assert.Equal((2000000L << 10) - 1300000000, run.PeakInUseBytes);
        Assert.Equal((123456, 512000), (run.Delivery!.Received, run.Delivery.DiskRead));
        Assert.Equal(new MeasuredStep("read-cold", 500, 240000000, 0), Assert.Single(run.Steps));
        MeasuredFootprint footprint = Assert.Single(run.Footprints);
        Assert.Equal((100, -2), (footprint.UsedBytes, footprint.RemainderBytes));
        Assert.Equal(new MeasuredOwner("tmpfs /", "tmpfs", 102, Reclaimable: false), Assert.Single(footprint.Rows));
        Assert.Equal("page size 4096", Assert.Single(run.Facts));
        Assert.Equal(2, run.Problems.Count);
        Assert.Contains("dd: no space", run.Problems[0], StringComparison.Ordinal);
        Assert.StartsWith("footprint read:", run.Problems[1], StringComparison.Ordinal);
    }

    /// <summary>A guest may say anything.</summary>
    [Fact]
    public void AnyLinesAreRead()
    {
        RandomSequence random = new(8);
        for (int i = 0; i < 2000; i++)
        {
            string[] lines = [.. Said];
            for (int n = 0; n < 4; n++)
            {
                int line = random.Below(lines.Length);
                if (lines[line].Length == 0)
                {
                    continue;
                }
                char[] text = lines[line].ToCharArray();
                text[random.Below(text.Length)] = (char)random.Below(256);
                lines[line] = random.Below(4) == 0 ? lines[line][..random.Below(lines[line].Length)] : new string(text);
            }
            Assert.NotNull(Read(lines));
        }
    }

    private static MeasuredRun Read(params string[] lines)
    {
        BootRecorder recorder = new(Marks.Ready);
        foreach (string line in lines)
        {
            recorder.Take(new MachineEvent(MachineEventKind.Said, GuestEvent.Parse(line)));
        }
        MeasuredRun known = new()
        {
            Cell = 0,
            Round = 1,
            Started = DateTimeOffset.UnixEpoch,
            Succeeded = true,
            Delivery = new MeasuredDelivery(1, 2, 0, 0, 3),
        };
        return GuestReport.Read(recorder.Report(BootEnding.Reached, "/log"), known);
    }
}
