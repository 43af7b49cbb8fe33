using System.Diagnostics;
using System.Globalization;
using Rootcast.Contract;
using Rootcast.Lab.Running;

namespace Rootcast.Lab.Boots;

/// <summary>Collects a <see cref="BootReport"/> from a machine's events. Not for two machines at once.</summary>
/// <param name="until">As <see cref="BootWatch.Until"/>.</param>
/// <param name="onMark">Told of each mark, for progress.</param>
public sealed class BootRecorder(string? until, Action<Mark>? onMark = null)
{
    /// <summary>A guest that says more than this is not reporting a boot; the rest is dropped.</summary>
    private const int MostEvents = 100_000;

    private readonly List<Mark> marks = [];
    private readonly List<GuestEvent> events = [];
    private readonly List<string> failure = [];
    private readonly GuestMemory memory = new();
    private string? write;
    private string? sync;
    private long initPeakMemory;
    private long initPeakResident;
    private long lastMarkAt = Stopwatch.GetTimestamp();

    /// <summary>Takes an event; the ending when it is one that ends the watching.</summary>
    public BootEnding? Take(MachineEvent happened) =>
        happened.Kind switch
        {
            MachineEventKind.Said => Take(happened.Said),
            MachineEventKind.Reset => BootEnding.Reset,
            MachineEventKind.PoweredOff => BootEnding.PoweredOff,
            MachineEventKind.Panicked => BootEnding.Panicked,
            _ => BootEnding.QemuExited,
        };

    /// <summary>The report of what was taken so far.</summary>
    public BootReport Report(BootEnding ending, string consoleLog) =>
        new()
        {
            Ending = ending,
            Marks = marks,
            Memory = memory.Complete ? memory : null,
            InitPeakMemory = initPeakMemory,
            InitPeakResident = initPeakResident,
            Write = write is not null && sync is not null ? WriteMeasurement.From(write, sync) : null,
            FailureScreen = failure,
            Events = events,
            AfterLastMark = Stopwatch.GetElapsedTime(lastMarkAt),
            ConsoleLog = consoleLog,
        };

    private BootEnding? Take(GuestEvent said)
    {
        if (events.Count < MostEvents)
        {
            events.Add(said);
        }
        switch (said.Kind)
        {
            case "mark" when Mark.TryParse(said.Text, out Mark mark):
                marks.Add(mark);
                lastMarkAt = Stopwatch.GetTimestamp();
                onMark?.Invoke(mark);
                // The report follows the mark of readiness; any other mark is all that was asked for.
                return mark.Name == until && until != Marks.Ready ? BootEnding.Reached : null;
            case "peak" when said.Text.Split(' ') is [var used, var resident, ..]:
                initPeakMemory = Bytes(used);
                initPeakResident = Bytes(resident);
                return null;
            case "memory":
                memory.Add(said.Text);
                return null;
            case "write":
                write = said.Text;
                return null;
            case "sync":
                sync = said.Text;
                return null;
            case "fail" when failure.Count < 1000:
                failure.Add(said.Text);
                return null;
            case "done" when failure.Count > 0 && until is not null:
                return BootEnding.Failed;
            case "done" when until == Marks.Ready && marks.Exists(mark => mark.Name == until):
                return BootEnding.Reached;
            default:
                return null;
        }
    }

    private static long Bytes(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) ? bytes : 0;
}
