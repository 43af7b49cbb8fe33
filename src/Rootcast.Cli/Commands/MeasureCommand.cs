using System.CommandLine;
using Rootcast.Cli.Measuring;
using Rootcast.Contract;
using Rootcast.Lab.Measuring;
using Rootcast.Lab.Reports;
using Spectre.Console;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast measure IMAGE</c>.</summary>
internal static class MeasureCommand
{
    public const int MostRuns = 1000;

    public static Command Create(Session session)
    {
        Argument<string> image = CommonOptions.Image();
        Option<string> output = new("--output", "-o")
        {
            Description = "Directory for result.json, report.html, report.md, runs.csv and the guests' consoles",
            HelpName = "DIR",
            Required = true,
        };
        Option<IReadOnlyList<Form>?> forms = Listed(
            "--forms",
            "Which forms, with commas between them (default: all that the image has)",
            "FORMS",
            Names.FormOf,
            Names.Forms
        );
        Option<IReadOnlyList<Carrier>?> carriers = Listed(
            "--carriers",
            "By which carriers (default: http); a form that none of them can bring comes by the first that can",
            "CARRIERS",
            Names.CarrierOf,
            Names.Carriers
        );
        Option<IReadOnlyList<long>?> memory = new("--memory", "-m")
        {
            Description = "Memory of the machines, with commas between several (default: 2G)",
            HelpName = "SIZES",
            CustomParser = result => CommonOptions.Sizes(result, smallest: 64 << 20),
        };
        Option<int> runs = CommonOptions.Counted("--runs", "How often each combination is booted", "N", 5, MostRuns);
        Option<long?> seed = CommonOptions.Seed();
        Option<long?> write = new("--write")
        {
            Description = "How much the workload writes into / (default: 64M); 0 for none",
            HelpName = "SIZE",
            CustomParser = result => result.Tokens[^1].Value == "0" ? 0 : CommonOptions.Size(result, smallest: 1 << 20),
        };
        Option<bool> peers = new("--peers")
        {
            Description = "Boot the same tree by Debian's live-boot and dracut 106 too, for comparison (made in trees of their own)",
        };
        Option<bool> least = new("--least")
        {
            Description = "Search the least memory that gets ready, in steps of 8 MiB, each three times",
        };
        Option<int> deadline = CommonOptions.Counted("--deadline", "Seconds for one boot and its work", "SECONDS", 300, 86_400);
        Option<bool> resume = new("--resume") { Description = "Go on with what was begun in --output; its own forms, runs and seed count" };
        DocumentedCommand command = new(
            "measure",
            "Boot an image in every form and by every carrier, several times in shuffled order, and measure what each costs.",
            "rootcast measure try --output /tmp/try",
            "rootcast measure try --forms squashfs,tmpfs --carriers initrd,http --memory 512M,2G --runs 3 --output /tmp/two",
            "rootcast measure try --forms squashfs --peers --output /tmp/peers",
            "rootcast measure try --resume --output /tmp/try"
        )
        {
            image,
            output,
            forms,
            carriers,
            memory,
            runs,
            seed,
            write,
            peers,
            least,
            deadline,
            resume,
        };
        command.SetAction(
            (parsed, cancellation) =>
            {
                MeasureRequest request = new()
                {
                    Image = parsed.GetRequiredValue(image),
                    Directory = parsed.GetRequiredValue(output),
                    Forms = parsed.GetValue(forms),
                    Carriers = parsed.GetValue(carriers) ?? [Carrier.Http],
                    Memory = parsed.GetValue(memory) ?? [2L << 30],
                    Runs = parsed.GetValue(runs),
                    Seed = parsed.GetValue(seed),
                    WriteBytes = parsed.GetValue(write) ?? 64 << 20,
                    Peers = parsed.GetValue(peers),
                    Least = parsed.GetValue(least),
                    Deadline = parsed.GetValue(deadline),
                    Resume = parsed.GetValue(resume),
                };
                return RunAsync(session, request, cancellation);
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(Session session, MeasureRequest request, CancellationToken cancellation)
    {
        MeasureResult result;
        try
        {
            result = await session.WithProgressAsync(progress => new MeasureExecution(session).RunAsync(request, progress, cancellation));
        }
        catch (OperationCanceledException)
        {
            session.People.WriteLine($"What is measured so far is in {request.Directory}: the same command with --resume goes on.");
            throw;
        }
        session.Output.WriteLine(Path.Combine(request.Directory, MarkdownReport.Name));
        foreach (string line in ReportHead.InShort(result, CellSummary.All(result)))
        {
            session.People.WriteLine(line);
        }
        return result.Done.All(run => run.Succeeded) ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static Option<IReadOnlyList<T>?> Listed<T>(
        string name,
        string description,
        string help,
        Func<string, T?> read,
        IReadOnlyList<string> names
    )
        where T : struct =>
        new(name)
        {
            Description = $"{description}: {string.Join(", ", names)}",
            HelpName = help,
            CustomParser = result =>
            {
                string[] words = result.Tokens[^1].Value.Split(',');
                if (Array.Find(words, word => read(word) is null) is { } unknown)
                {
                    result.AddError($"{name}: '{unknown}' is not one of {string.Join(", ", names)}");
                    return null;
                }
                return [.. words.Select(word => read(word)!.Value).Distinct()];
            },
        };
}
