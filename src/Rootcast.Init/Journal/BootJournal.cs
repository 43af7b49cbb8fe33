using System.Globalization;
using System.Text;
using Rootcast.Contract;
using Rootcast.Linux.Events;
using Rootcast.Linux.Files;
using Rootcast.Linux.Memory;

namespace Rootcast.Init.Journal;

/// <summary>What happens in a boot, said to everyone who listens: the kernel's log, the lab's serial port when there is one, and
/// <c>/run/rootcast/log</c> for the running system. Lines and marks that come before a listener does are kept and handed on. Threads may
/// share it.</summary>
public sealed class BootJournal
{
    private const int LevelProblem = 3;
    private const int LevelNormal = 6;
    private readonly Lock gate = new();
    private readonly List<string> lines = [];
    private readonly List<Mark> marks = [];
    private readonly List<GuestEvent> unsentSamples = [];
    private KernelLog? kernelLog;
    private EventPort? port;
    private int marksSent;
    private int marksReported;
    private int linesLogged;
    private long peakMemory;
    private long leastFree = long.MaxValue;

    /// <summary>Where a boot server listens; null while there is none, or no network.</summary>
    public BootReport? Report { get; private set; }

    /// <summary>The stage that is under way.</summary>
    public string Stage { get; private set; } = "start";

    /// <summary>The marks so far.</summary>
    public IReadOnlyList<Mark> Marks
    {
        get
        {
            lock (gate)
            {
                return [.. marks];
            }
        }
    }

    /// <summary>The lines so far, each with its time and stage.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (gate)
            {
                return [.. lines];
            }
        }
    }

    /// <summary>Begins a stage: what is said from now on belongs to it.</summary>
    public void Begin(string stage)
    {
        Stage = stage;
        Say("begins");
    }

    /// <summary>A line for whoever reads the log.</summary>
    public void Say(string text) => Add(LevelNormal, text);

    /// <summary>A line about something that is wrong though the boot goes on; it is on screen even with <c>quiet</c>.</summary>
    public void Problem(string text) => Add(LevelProblem, text);

    /// <summary>Looks how much memory is in use (<see cref="MemoryInfo.Sample"/>). Called at every mark, and by what takes much memory while it does; the most that
    /// was ever seen is <see cref="PeakMemory"/>.</summary>
    public void SampleMemory() => Sample(null);

    /// <summary>The least MemFree that <see cref="SampleMemory"/> has seen, in bytes.</summary>
    public long LeastFree
    {
        get
        {
            lock (gate)
            {
                return leastFree;
            }
        }
    }

    /// <summary>The most memory in use that <see cref="SampleMemory"/> has seen, in bytes.</summary>
    public long PeakMemory
    {
        get
        {
            lock (gate)
            {
                return peakMemory;
            }
        }
    }

    /// <summary>Sets a mark, see <see cref="Contract.Marks"/>.</summary>
    public void Mark(string name)
    {
        Mark mark = new(name, BootClock.Now);
        lock (gate)
        {
            marks.Add(mark);
            SendMarks();
        }
        Add(LevelNormal, $"mark {name}");
        ReportMarks();
        // Before that /proc is not mounted.
        if (kernelLog is not null)
        {
            Sample(name);
        }
    }

    /// <summary>/dev is mounted: opens the kernel's log and hands on what was said before.</summary>
    public void AttachKernelLog()
    {
        lock (gate)
        {
            kernelLog = KernelLog.TryOpen();
            HandOnLines();
        }
    }

    /// <summary>A boot server listens from now on: it gets the marks so far, and those that follow.</summary>
    public void AttachReport(BootReport report)
    {
        Report = report;
        ReportMarks();
    }

    /// <summary>The marks that no server has got yet, as lines of <see cref="GuestEvent"/>.</summary>
    public string UnreportedMarks()
    {
        StringBuilder text = new();
        lock (gate)
        {
            for (; marksReported < marks.Count; marksReported++)
            {
                text.Append(new GuestEvent("mark", marks[marksReported].ToString()).ToString()).Append('\n');
            }
        }
        return text.ToString();
    }

    /// <summary>Looks whether the lab's port is there by now; costs one directory listing while it is not.</summary>
    public bool TryAttachPort()
    {
        lock (gate)
        {
            port ??= EventPort.TryOpen();
            SendMarks();
            return port is not null;
        }
    }

    /// <summary>Path of the lab's port when it is attached.</summary>
    public string? PortPath => port?.Path;

    /// <summary>Sends an event when the lab listens.</summary>
    public void Send(GuestEvent guestEvent)
    {
        lock (gate)
        {
            port?.Send(guestEvent);
        }
    }

    /// <summary>Leaves log and marks for the running system. Called again, it writes them anew.</summary>
    public void Leave()
    {
        StringBuilder log = new();
        StringBuilder times = new();
        lock (gate)
        {
            foreach (string line in lines)
            {
                log.Append(line).Append('\n');
            }
            foreach (Mark mark in marks)
            {
                times.Append(mark.ToString()).Append('\n');
            }
        }
        SmallFile.Write(InitramfsPaths.RunDirectory + "/log", log.ToString());
        SmallFile.Write(InitramfsPaths.Marks, times.ToString());
    }

    /// <summary>Looks at memory, and tells the lab what was seen at a mark.</summary>
    private void Sample(string? mark)
    {
        (long inUse, long free) = MemoryInfo.Sample();
        lock (gate)
        {
            peakMemory = Math.Max(peakMemory, inUse);
            leastFree = Math.Min(leastFree, free);
            if (mark is not null)
            {
                unsentSamples.Add(new GuestEvent("used", $"{mark} {inUse} {free}"));
                SendMarks();
            }
        }
    }

    private void Add(int level, string text)
    {
        string line = $"{(level == LevelProblem ? "PROBLEM " : "")}{Stage}: {text}";
        string seconds = BootClock.Now.TotalSeconds.ToString("F6", CultureInfo.InvariantCulture);
        lock (gate)
        {
            lines.Add($"[{seconds}] {line}");
            if (kernelLog is not null)
            {
                // The kernel puts the time before it.
                kernelLog.Write(level, $"rootcast: {line}");
                linesLogged = lines.Count;
            }
        }
    }

    /// <summary>A boot never waits for its observer twice.</summary>
    private void ReportMarks()
    {
        int before = marksReported;
        if (Report is { Problem: null } report && UnreportedMarks() is { Length: > 0 } lines && !report.Send(lines))
        {
            // They go with the next ones, the last of them with what says that the tree is ready; the server takes each mark once.
            marksReported = before;
            if (report.Problem is { } problem)
            {
                Add(LevelNormal, $"no more reports of marks: {problem}");
            }
        }
    }

    private void HandOnLines()
    {
        for (; kernelLog is not null && linesLogged < lines.Count; linesLogged++)
        {
            kernelLog.Write(LevelNormal, $"rootcast: {lines[linesLogged]}");
        }
    }

    /// <summary>And what memory was at them, as soon as the lab's port is there: its module may come after the root.</summary>
    private void SendMarks()
    {
        if (port is null)
        {
            return;
        }
        for (; marksSent < marks.Count; marksSent++)
        {
            port.Send(new GuestEvent("mark", marks[marksSent].ToString()));
        }
        unsentSamples.ForEach(port.Send);
        unsentSamples.Clear();
    }
}
