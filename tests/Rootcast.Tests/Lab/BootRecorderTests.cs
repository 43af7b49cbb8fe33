using Rootcast.Contract;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Running;

namespace Rootcast.Tests;

public class BootRecorderTests
{
    [Fact]
    public void AReadyBootIsReportedWithItsMemoryAndItsWriteTest()
    {
        BootRecorder recorder = new(Marks.Ready);
        BootEnding? ending = Feed(
            recorder,
            "mark init-start 2000000000",
            "mark ready 9000000000",
            "memory MemTotal:        2000 kB",
            "memory MemFree:          500 kB",
            "memory MemAvailable:    1500 kB",
            "write 1048576 500000000",
            "sync 3000000",
            "done"
        );
        BootReport report = recorder.Report(ending!.Value, "/log");
        Assert.Equal(BootEnding.Reached, report.Ending);
        Assert.Equal(TimeSpan.FromSeconds(9), report.TimeOf(Marks.Ready));
        Assert.Equal(500 << 10, report.Memory!.Used);
        Assert.Equal(1500 << 10, report.Memory.UsedFree);
        Assert.Equal(2 * 1048576, report.Write!.BytesPerSecond);
        Assert.Equal(TimeSpan.FromMilliseconds(3), report.Write.Sync);
    }

    [Fact]
    public void AMarkThatIsWaitedForEndsTheWatching()
    {
        BootRecorder recorder = new(Marks.RootMounted);
        Assert.Null(Feed(recorder, "mark init-start 1"));
        Assert.Equal(BootEnding.Reached, Feed(recorder, "mark root-mounted 2"));
    }

    [Fact]
    public void AFailureScreenMakesAFailedBoot()
    {
        BootRecorder recorder = new(Marks.Ready);
        Assert.Equal(BootEnding.Failed, Feed(recorder, "mark init-start 1", "fail no such device", "fail check the label", "done"));
        Assert.Equal(["no such device", "check the label"], recorder.Report(BootEnding.Failed, "/log").FailureScreen);
    }

    [Fact]
    public void WithoutAMarkOnlyTheMachineEndsTheWatching()
    {
        BootRecorder recorder = new(until: null);
        Assert.Null(Feed(recorder, "mark ready 1", "done"));
        Assert.Equal(BootEnding.PoweredOff, recorder.Take(new MachineEvent(MachineEventKind.PoweredOff)));
    }

    [Fact]
    public void LinesThatAreNotWhatTheySayAreNoReport()
    {
        BootRecorder recorder = new(Marks.Ready);
        Assert.Null(Feed(recorder, "mark ready", "mark a b", "memory x", "memory MemTotal: -1 kB", "write 1 2", "sync x", "done"));
        BootReport report = recorder.Report(BootEnding.Deadline, "/log");
        Assert.False(report.Ready);
        Assert.Null(report.Memory);
        Assert.Null(report.Write);
    }

    private static BootEnding? Feed(BootRecorder recorder, params string[] lines)
    {
        BootEnding? ending = null;
        foreach (string line in lines)
        {
            ending = recorder.Take(new MachineEvent(MachineEventKind.Said, GuestEvent.Parse(line)));
        }
        return ending;
    }
}
