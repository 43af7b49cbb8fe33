using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rootcast.Cli.Data;
using Rootcast.Images.Progress;
using Rootcast.Lab.Footprints;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast footprint</c>.</summary>
internal static class FootprintCommand
{
    public static Command Create(Session session)
    {
        Option<bool> json = CommonOptions.Json();
        Option<bool> tree = new("--tree") { Description = "Every row below its owner, instead of the owners alone" };
        Option<bool> quick = new("--no-walk") { Description = "Leave files alone: page cache by block device only" };
        Option<double?> watch = new("--watch")
        {
            Description = "Again every so many seconds (2 when none is given), with what changed since the first time",
            HelpName = "SECONDS",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = result =>
            {
                if (result.Tokens.Count == 0)
                {
                    return 2;
                }
                const double longest = 86400;
                string text = result.Tokens[^1].Value;
                if (
                    double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
                    && seconds is >= 0.1 and <= longest
                )
                {
                    return seconds;
                }
                result.AddError($"'{text}' is not a number of seconds from 0.1 to {longest}");
                return null;
            },
        };
        DocumentedCommand command = new(
            "footprint",
            "Say who holds the memory of this machine: every page of MemTotal - MemFree with its owner.",
            "rootcast footprint",
            "rootcast footprint --tree",
            "rootcast footprint --json > before.json",
            "rootcast footprint diff before.json",
            "rootcast footprint --watch 5"
        )
        {
            json,
            tree,
            quick,
            watch,
            FootprintDiffCommand.Create(session),
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                FootprintOptions options = OptionsOf(parsed.GetValue(quick));
                if (parsed.GetResult(watch) is not null)
                {
                    await WatchAsync(session, options, parsed.GetValue(watch) ?? 2, parsed.GetValue(json), cancellation);
                    return ExitCodes.Done;
                }
                Footprint footprint = await TakeAsync(session, options, cancellation);
                Show(session, footprint, parsed.GetValue(json), parsed.GetValue(tree));
                return ExitCodes.Done;
            }
        );
        return command;
    }

    /// <summary>How to survey.</summary>
    public static FootprintOptions OptionsOf(bool quick) => quick ? new FootprintOptions { Walks = _ => false } : new FootprintOptions();

    /// <summary>Surveys this machine, and says what could not be told.</summary>
    public static Task<Footprint> TakeAsync(Session session, FootprintOptions options, CancellationToken cancellation) =>
        session.WithProgressAsync(progress =>
        {
            using IProgressStage stage = progress.Begin("looking who holds the memory");
            Footprint footprint = FootprintSurvey.Take(options, stage, cancellation);
            stage.Done(Terminal.Amounts.Memory(footprint.UsedBytes));
            return Task.FromResult(footprint);
        });

    private static void Show(Session session, Footprint footprint, bool json, bool tree)
    {
        if (json)
        {
            session.WriteJson(FootprintFile.Write(footprint));
            return;
        }
        session.Data.Write(tree ? FootprintTables.Tree(footprint) : FootprintTables.Owners(footprint));
        foreach (string line in FootprintTables.Legend(footprint))
        {
            session.Output.WriteLine(line);
        }
        foreach (string note in footprint.Notes)
        {
            session.Warn(note);
        }
    }

    private static async Task WatchAsync(
        Session session,
        FootprintOptions options,
        double seconds,
        bool json,
        CancellationToken cancellation
    )
    {
        Footprint first = await TakeAsync(session, options, cancellation);
        Show(session, first, json, tree: false);
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(seconds));
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            using IProgressStage stage = new SilentProgress().Begin("");
            Footprint now = FootprintSurvey.Take(options, stage, cancellation);
            FootprintDifference difference = FootprintDifference.Between(first, now);
            if (json)
            {
                session.WriteJson(JsonSerializer.SerializeToUtf8Bytes(difference, FootprintJson.Default.FootprintDifference));
                continue;
            }
            session.Output.WriteLine();
            session.Data.Write(FootprintTables.Changes(difference, most: 20));
        }
    }
}
