using System.CommandLine;
using Rootcast.Cli.Boots;
using Rootcast.Cli.Host;
using Rootcast.Cli.Measuring;
using Rootcast.Images;
using Rootcast.Images.Recipes;
using Rootcast.Lab.Measuring;
using Rootcast.Lab.Studies;
using Spectre.Console;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast study NAME</c>.</summary>
internal static class StudyCommand
{
    private const int UsualRuns = 3;

    public static Command Create(Session session)
    {
        Argument<Study> name = new("NAME")
        {
            Description = string.Join("; ", Study.All.Select(study => $"{study.Name}: {study.Title}")),
            CustomParser = result =>
            {
                Study? study = Study.Of(result.Tokens[0].Value);
                if (study is null)
                {
                    result.AddError(
                        $"there is no study '{result.Tokens[0].Value}': there are {string.Join(", ", Study.All.Select(one => one.Name))}"
                    );
                }
                return study!;
            },
        };
        Option<string> output = new("--output", "-o")
        {
            Description = "Directory for study.md, report.md, result.json, runs.csv and the guests' consoles",
            HelpName = "DIR",
            Required = true,
        };
        Option<int> runs = CommonOptions.Counted("--runs", "How often each combination is booted", "N", UsualRuns, MeasureCommand.MostRuns);
        Option<long?> seed = CommonOptions.Seed();
        Option<bool> peers = new("--peers")
        {
            Description = "Boot the same tree by others' initramfs too, where the study has a form for them",
        };
        Option<int> deadline = CommonOptions.Counted("--deadline", "Seconds for one boot and its work", "SECONDS", 3600, 86_400);
        Option<bool> resume = new("--resume") { Description = "Go on with what was begun in --output" };
        Option<bool> yes = new("--yes", "-y") { Description = "Install what is missing without asking" };
        DocumentedCommand command = new(
            "study",
            "Make a published experiment anew: build its tree, measure it, and say how the figures compare and why they differ.",
            "rootcast study live-vs-disk --output /tmp/live",
            "rootcast study tmpfs-vs-image --runs 1 --output /tmp/el6",
            "rootcast study live-vs-disk --resume --output /tmp/live"
        )
        {
            name,
            output,
            runs,
            seed,
            peers,
            deadline,
            resume,
            yes,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                Study study = parsed.GetRequiredValue(name);
                MeasureRequest request = new()
                {
                    Image = study.ImageName,
                    Study = study.Name,
                    Forms = study.Forms,
                    Carriers = study.Carriers,
                    Memory = [study.MemoryBytes],
                    WriteBytes = study.WriteBytes,
                    Directory = parsed.GetRequiredValue(output),
                    Runs = parsed.GetValue(runs),
                    Seed = parsed.GetValue(seed),
                    Peers = parsed.GetValue(peers),
                    Deadline = parsed.GetValue(deadline),
                    Resume = parsed.GetValue(resume),
                };
                // Before anything long has begun.
                MeasureExecution.CheckDirectory(request);
                await new HostPreparation(session).RunAsync(HostPrograms.ForTry(study.Forms), parsed.GetValue(yes), cancellation);
                return await RunAsync(session, study, request, cancellation);
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(Session session, Study study, MeasureRequest request, CancellationToken cancellation)
    {
        MeasureResult result;
        try
        {
            result = await session.WithProgressAsync(async progress =>
            {
                Recipe recipe = Recipe.Parse(
                    System.Text.Encoding.UTF8.GetBytes(study.Recipe(TryRecipe.SuiteOf(HostSystem.Read()))),
                    $"the recipe of 'rootcast study {study.Name}'"
                );
                await new ImageBuilder(session.OpenStore(), EmbeddedInit.Load(), progress).BuildAsync(recipe, cancellation);
                return await new MeasureExecution(session).RunAsync(request, progress, cancellation);
            });
        }
        catch (OperationCanceledException)
        {
            session.People.WriteLine($"What is measured so far is kept: the same command with --resume goes on.");
            throw;
        }
        if (result.Done.Any(run => run.Succeeded))
        {
            session.Output.WriteLine(Path.Combine(request.Directory, StudyReport.Name));
        }
        foreach (MeasuredRun failed in result.Done.Where(run => !run.Succeeded))
        {
            session.People.WriteLine($"{result.Cells[failed.Cell]}, round {failed.Round}: {failed.Failure}");
        }
        return result.Done.All(run => run.Succeeded) ? ExitCodes.Done : ExitCodes.Failed;
    }
}
