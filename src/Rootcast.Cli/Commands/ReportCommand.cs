using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Rootcast.Cli.Data;
using Rootcast.Cli.Terminal;
using Rootcast.Contract;
using Rootcast.Lab.Measuring;
using Rootcast.Lab.Reports;
using Spectre.Console;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast report RESULT</c> and <c>rootcast report A B</c>.</summary>
internal static class ReportCommand
{
    public static Command Create(Session session)
    {
        Argument<string[]> results = new("RESULT")
        {
            Description = "What 'rootcast measure' has written: its directory or its result.json; two are compared",
            Arity = new ArgumentArity(1, 2),
        };
        Option<bool> all = new("--all") { Description = "With two: show what did not change too" };
        Option<string?> output = new("--output", "-o")
        {
            Description = "With one: where to write the reports (default: beside the result)",
            HelpName = "DIR",
        };
        Option<bool> json = CommonOptions.Json();
        DocumentedCommand command = new(
            "report",
            "Write the reports of a result anew, or compare two results and mark what changed beyond noise.",
            "rootcast report /tmp/try",
            "rootcast report /tmp/before /tmp/after",
            "rootcast report /tmp/before /tmp/after --json"
        )
        {
            results,
            all,
            output,
            json,
        };
        command.SetAction(parsed =>
        {
            string[] named = parsed.GetRequiredValue(results);
            return named.Length == 1
                ? Write(session, named[0], parsed.GetValue(output), parsed.GetValue(json))
                : Compare(session, named, parsed.GetValue(all), parsed.GetValue(json));
        });
        return command;
    }

    private static int Write(Session session, string named, string? output, bool json)
    {
        MeasureResult result = MeasureFile.Read(named);
        if (json)
        {
            session.WriteJson(MeasureFile.Bytes(result));
            return ExitCodes.Done;
        }
        string directory = output ?? (Directory.Exists(named) ? named : Path.GetDirectoryName(Path.GetFullPath(named))!);
        Directory.CreateDirectory(directory);
        foreach (string file in ReportFiles.Write(result, directory))
        {
            session.Output.WriteLine(file);
        }
        return ExitCodes.Done;
    }

    private static int Compare(Session session, string[] named, bool all, bool json)
    {
        Comparison comparison = Comparison.Of(MeasureFile.Read(named[0]), MeasureFile.Read(named[1]));
        if (comparison.Figures.Count == 0)
        {
            throw new UserError(
                "the two results have no combination of form, carrier and memory in common",
                "Measure both with the same --forms, --carriers and --memory.",
                UserErrorKind.Input
            );
        }
        if (json)
        {
            session.WriteJson(JsonSerializer.SerializeToUtf8Bytes(ComparisonData.Of(comparison), CliJson.Default.ComparisonData));
            return ExitCodes.Done;
        }
        List<ComparedFigure> shown = [.. comparison.Figures.Where(figure => all || figure.Changed)];
        if (shown.Count > 0)
        {
            Table table = Tables.Plain("form", "carrier", "memory", "figure", "before", "after", "ratio", "95 %", "");
            foreach (ComparedFigure figure in shown)
            {
                table.AddRow([.. Row(figure).Select(cell => new Text(cell))]);
            }
            session.Data.Write(table);
        }
        foreach (string note in comparison.Notes)
        {
            session.People.WriteLine($"note: {note}");
        }
        int unknown = comparison.Figures.Count(figure => figure.Verdict == "unknown");
        session.People.WriteLine(
            $"{comparison.Figures.Count(figure => figure.Changed)} of {comparison.Figures.Count} figures changed beyond noise"
                + (unknown > 0 ? $"; of {unknown} that cannot be told (one run, or values of 0)." : ".")
        );
        return ExitCodes.Done;
    }

    private static string[] Row(ComparedFigure figure) =>
        [
            figure.Cell.Form,
            figure.Cell.Carrier,
            Amounts.Memory(figure.Cell.MemoryBytes),
            $"{figure.Metric.Title}, {figure.Metric.Symbol}",
            figure.Metric.Show(figure.Before.Median),
            figure.Metric.Show(figure.After.Median),
            Number(figure.Interval?.Ratio),
            figure.Interval is { IsKnown: true } interval ? $"{Number(interval.Low)} to {Number(interval.High)}" : "-",
            figure.Verdict,
        ];

    private static string Number(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-";
}
