using System.Globalization;
using System.Text;
using System.Text.Json;
using Rootcast.Contract;
using Rootcast.Lab.Boots;

namespace Rootcast.Lab.Measuring;

/// <summary>Reads what the guest of one run said. A guest may say anything: a line that is not understood counts as not said, and one of
/// the footprint that is no JSON becomes a problem.</summary>
public sealed class GuestReport
{
    private const int MostFacts = 500;
    private const int LongestFootprint = 16 << 20;

    /// <summary>systemd's own moments, and what they are called here.</summary>
    private static readonly (string Property, string Name)[] Stages =
    [
        ("UserspaceTimestampMonotonic", "systemd-start"),
        ("SecurityFinishTimestampMonotonic", "systemd-security"),
        ("GeneratorsFinishTimestampMonotonic", "systemd-generators"),
        ("UnitsLoadFinishTimestampMonotonic", "systemd-units"),
    ];

    private readonly List<MeasuredMark> marks = [];
    private readonly List<MemoryPoint> memory = [];
    private readonly List<MeasuredStep> steps = [];
    private readonly List<MeasuredFootprint> footprints = [];
    private readonly List<string> facts = [];
    private readonly List<string> problems = [];
    private readonly List<(string Point, GuestMemory Memory)> points = [];
    private readonly List<(string Point, StringBuilder Text)> texts = [];

    private long? initLeastFree;
    private int? samples;
    private long? leastFree;
    private long? leastAvailable;
    private long? received;
    private long? diskRead;

    private GuestReport() { }

    /// <summary>The report of a boot as the run that it is, without what this host knows of it.</summary>
    /// <param name="report">The boot.</param>
    /// <param name="run">What is known already; the guest's part is filled in.</param>
    public static MeasuredRun Read(BootReport report, MeasuredRun run)
    {
        GuestReport read = new();
        foreach (GuestEvent said in report.Events)
        {
            read.Take(said);
        }
        if (report.Memory is { } ready)
        {
            read.points.Insert(0, (Marks.Ready, ready));
        }
        foreach ((string point, GuestMemory seen) in read.points)
        {
            read.memory.Add(
                new MemoryPoint(
                    point,
                    seen["MemTotal"],
                    seen["MemFree"],
                    seen["MemAvailable"],
                    seen["PerCpuFree"],
                    seen["Measuring"],
                    seen.InUse - seen["Measuring"],
                    seen["Buffers"],
                    seen["Cached"],
                    seen["Shmem"]
                )
            );
        }
        read.TakeFootprints();
        return run with
        {
            Delivery = run.Delivery is { } delivery ? delivery with { Received = read.received, DiskRead = read.diskRead } : null,
            Marks =
            [
                .. report
                    .Marks.Select(mark => new MeasuredMark(mark.Name, mark.Time.TotalMilliseconds))
                    .Concat(read.marks)
                    .OrderBy(mark => mark.Milliseconds),
            ],
            Memory = read.memory,
            InitPeakBytes = Positive(report.InitPeakMemory),
            InitLeastFreeBytes = read.initLeastFree,
            Samples = read.samples ?? 0,
            LeastFreeBytes = read.leastFree,
            LeastAvailableBytes = read.leastAvailable,
            InitResidentBytes = Positive(report.InitPeakResident),
            Steps = read.steps,
            Footprints = read.footprints,
            Facts = read.facts,
            Problems = read.problems,
        };
    }

    private void Take(GuestEvent said)
    {
        string[] words = said.Text.Split(' ');
        switch (said.Kind)
        {
            case "used" when words is [var mark, var inUse, var free] && Number(inUse) is { } used && Number(free) is { } left:
                memory.Add(new MemoryPoint(mark, 0, left, 0, 0, 0, used));
                break;
            case "peak" when words is [_, _, var least]:
                initLeastFree = Number(least);
                break;
            case "sampled" when words is [var count, var free, var available]:
                (samples, leastFree, leastAvailable) = ((int?)Number(count), Number(free), Number(available));
                break;
            case "stage" when words is [var stage, var reached] && Number(reached) is { } at && marks.Count < MostFacts:
                marks.Add(new MeasuredMark(stage, at / 1e6));
                break;
            case "received":
                received = Number(said.Text);
                break;
            case "disk":
                diskRead = Number(said.Text);
                break;
            case "systemd" when said.Text.Split('=') is [var property, var microseconds] && Number(microseconds) is > 0 and var time:
                if (Array.Find(Stages, stage => stage.Property == property).Name is { } name)
                {
                    marks.Add(new MeasuredMark(name, time / 1000.0));
                }
                break;
            case "step"
                when words is [var step, var took, var bytes, var count] && Number(took) is { } nanoseconds && steps.Count < MostFacts:
                steps.Add(new MeasuredStep(step, nanoseconds / 1e6, Number(bytes) ?? 0, Number(count) ?? 0));
                break;
            case "at" when words.Length > 1:
                PointOf(words[0]).Add(said.Text[(words[0].Length + 1)..]);
                break;
            case "footprint" when words.Length > 1:
                Append(words[0], said.Text[(words[0].Length + 1)..]);
                break;
            case "fact" when facts.Count < MostFacts:
                facts.Add(said.Text);
                break;
            case "problem" when problems.Count < MostFacts && said.Text.Length > 0:
                problems.Add(said.Text);
                break;
        }
    }

    private GuestMemory PointOf(string name)
    {
        if (points.Count == 0 || points[^1].Point != name)
        {
            points.Add((name, new GuestMemory()));
        }
        return points[^1].Memory;
    }

    private void Append(string point, string line)
    {
        if (texts.Count == 0 || texts[^1].Point != point)
        {
            texts.Add((point, new StringBuilder()));
        }
        if (texts[^1].Text.Length + line.Length < LongestFootprint)
        {
            texts[^1].Text.Append(line).Append('\n');
        }
    }

    private void TakeFootprints()
    {
        foreach ((string point, StringBuilder text) in texts)
        {
            try
            {
                if (JsonSerializer.Deserialize(text.ToString(), MeasureJson.Default.SaidFootprint) is { } said)
                {
                    footprints.Add(new MeasuredFootprint(point, said.UsedBytes, said.RemainderBytes, said.Rows));
                }
            }
            catch (JsonException e)
            {
                problems.Add($"footprint {point}: {e.Message}");
            }
        }
    }

    private static long? Positive(long bytes) => bytes > 0 ? bytes : null;

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;
}
