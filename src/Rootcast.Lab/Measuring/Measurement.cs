using System.Globalization;
using Rootcast.Contract;
using Rootcast.Images.Progress;
using Rootcast.Lab.Machines;
using Rootcast.Lab.Statistics;

namespace Rootcast.Lab.Measuring;

/// <summary>Carries a measuring out: every run in its order, the result file written anew after each, so that whatever ends it loses at most the run that is
/// under way.</summary>
/// <param name="boots">Boots the machines.</param>
/// <param name="directory">Where the result is, with the consoles below it.</param>
/// <param name="progress">Shows how far it is.</param>
public sealed class Measurement(IMeasureBoots boots, string directory, IProgressDisplay progress)
{
    /// <summary>Between two boots of the search for the least memory a boot may take so many times what it took with enough.</summary>
    private const int Patience = 3;

    private static readonly TimeSpan ShortestPatience = TimeSpan.FromSeconds(60);

    /// <summary>Does what is left to do.</summary>
    /// <param name="result">The plan, with what is done of it.</param>
    /// <param name="work">What the guests do.</param>
    /// <param name="cancellation">Ends it; the file has what was done.</param>
    public async Task<MeasureResult> RunAsync(MeasureResult result, GuestWork work, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.Combine(directory, "console"));
        MeasureFile.Write(result, directory);
        foreach ((int cell, int round) in MeasureSchedule.Left(result).ToList())
        {
            MeasuredRun run = await OneAsync(result, cell, round, work, cancellation);
            result = result with { Done = [.. result.Done, run] };
            MeasureFile.Write(result, directory);
        }
        return result.SearchesLeast ? await SearchAsync(result, cancellation) : result;
    }

    private async Task<MeasuredRun> OneAsync(MeasureResult result, int cell, int round, GuestWork work, CancellationToken cancellation)
    {
        string log = $"console/{result.Cells[cell]}-{round}.log";
        MeasuredRun run = new()
        {
            Cell = cell,
            Round = round,
            Started = DateTimeOffset.UtcNow,
            Succeeded = false,
            HostLoad = HostLoad(),
            ConsoleLog = log,
        };
        int number = result.Done.Count + 1;
        string title = $"run {number} of {result.Cells.Count * result.Runs}: {result.Cells[cell]}";
        using IProgressStage stage = progress.Begin(title);
        try
        {
            run = await boots.RunAsync(result.Cells[cell], work, run, Path.Combine(directory, log), cancellation);
        }
        catch (UserError e)
        {
            // The rest goes on, and the row says why.
            run = run with
            {
                Failure = e.Message,
            };
        }
        if (run.Succeeded)
        {
            stage.Done(Summary(run));
        }
        else
        {
            progress.Say($"{title}: {run.Failure}");
        }
        return run;
    }

    private async Task<MeasureResult> SearchAsync(MeasureResult result, CancellationToken cancellation)
    {
        // One search for each form and carrier, from the largest memory that was measured.
        foreach (IGrouping<string, MeasureCell> pair in result.Cells.GroupBy(cell => cell.Title, StringComparer.Ordinal))
        {
            List<MeasuredRun> good = [.. GoodRuns(result, pair)];
            if (good.Count == 0)
            {
                progress.Say($"least memory of {pair.First().Title}: it never got ready, so there is none to search for");
                continue;
            }
            MeasureCell cell = pair.MaxBy(cell => cell.MemoryBytes)!;
            long guess = (long)Sample.Of(good, run => run.MemoryAt(Marks.Ready) is { } at ? at.Total - at.Free : 0.0).Median;
            double ready = Sample.Of(good, run => (run.TimeOf(Marks.Ready) ?? 0) + (run.FirmwareMilliseconds ?? 0)).Most;
            TimeSpan deadline = TimeSpan.FromMilliseconds(Math.Max(ready * Patience, ShortestPatience.TotalMilliseconds));
            using IProgressStage stage = progress.Begin($"least memory of {cell.Title}");
            LeastMemory least =
                result.Least.FirstOrDefault(known => known.Form == cell.Form && known.Carrier == cell.Carrier)
                ?? new LeastMemory(cell.Form, cell.Carrier, []);
            while (LeastSearch.Next(cell.MemoryBytes, guess, least.Attempts) is { } memory)
            {
                stage.Detail(string.Create(CultureInfo.InvariantCulture, $"{memory >> 20} MiB"));
                LeastAttempt attempt = await AttemptAsync(cell, memory, deadline, cancellation);
                least = least with { Attempts = [.. least.Attempts, attempt] };
                result = Keep(result, least);
            }
            least = least with { Bytes = LeastSearch.Result(cell.MemoryBytes, least.Attempts) };
            result = Keep(result, least);
            stage.Done(string.Create(CultureInfo.InvariantCulture, $"{least.Bytes >> 20} MiB, by {least.Attempts.Count} boots"));
        }
        return result;
    }

    private async Task<LeastAttempt> AttemptAsync(MeasureCell cell, long memory, TimeSpan deadline, CancellationToken cancellation)
    {
        string log = Path.Combine(directory, "console", $"{cell.Form}-{cell.Carrier}-least.log");
        try
        {
            return await boots.TryAsync(cell, memory, deadline, log, cancellation);
        }
        catch (UserError e)
        {
            return new LeastAttempt(memory, Ready: false, e.Message);
        }
    }

    private MeasureResult Keep(MeasureResult result, LeastMemory least)
    {
        IEnumerable<LeastMemory> others = result.Least.Where(known => known.Form != least.Form || known.Carrier != least.Carrier);
        MeasureResult kept = result with { Least = [.. others, least] };
        MeasureFile.Write(kept, directory);
        return kept;
    }

    private static IEnumerable<MeasuredRun> GoodRuns(MeasureResult result, IEnumerable<MeasureCell> cells) =>
        result.Done.Where(run => run.Succeeded && cells.Contains(result.Cells[run.Cell]));

    private static string Summary(MeasuredRun run) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"ready {run.TimeOf(Marks.Ready) / 1000:0.0} s, {(run.MemoryAt(Marks.Ready)?.InUse ?? 0) >> 20} MiB in use"
        );

    private static double HostLoad() =>
        double.TryParse(File.ReadAllText("/proc/loadavg").Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double load)
            ? load
            : 0;
}
