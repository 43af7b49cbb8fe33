using System.CommandLine;
using System.Text.Json;
using Rootcast.Cli.Boots;
using Rootcast.Cli.Data;
using Rootcast.Cli.Host;
using Rootcast.Contract;
using Rootcast.Images;
using Rootcast.Images.Recipes;
using Rootcast.Images.Store;
using Spectre.Console;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast try</c>: the main job.</summary>
internal static class TryCommand
{
    private const long MostWritten = 200L << 20;

    public static Command Create(Session session)
    {
        Option<bool> yes = new("--yes", "-y") { Description = "Install what is missing without asking" };
        Option<bool> json = CommonOptions.Json();
        Option<long> memory = CommonOptions.Memory();
        // What a machine without a disk does: fetch its root from a server. The same for every form, so that the rows compare.
        Option<Carrier?> carrier = CommonOptions.Carrier(Carrier.Http);
        Option<IReadOnlyList<Form>> forms = CommonOptions.Forms(TryRecipe.Usual);
        Option<long?> writeTest = new("--write-test")
        {
            Description = "Size of the file that is written into /; 0 writes none (default: 200M, a tenth of the memory at most)",
            HelpName = "BYTES",
            CustomParser = result => result.Tokens[^1].Value == "0" ? 0 : CommonOptions.Size(result, smallest: 1 << 20),
        };
        DocumentedCommand command = new(
            "try",
            "Make a Debian tree, cast it into each form, boot each of them and show what each cost.",
            "rootcast try",
            "rootcast try --yes --json",
            "rootcast try --forms all --carrier disk",
            "rootcast try --memory 1G --write-test 100M"
        )
        {
            yes,
            json,
            forms,
            carrier,
            memory,
            writeTest,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                Recipe recipe = TryRecipe.For(HostSystem.Read(), parsed.GetValue(forms)!);
                await new HostPreparation(session).RunAsync(HostPrograms.ForTry(recipe.Forms), parsed.GetValue(yes), cancellation);
                long memoryBytes = parsed.GetValue(memory);
                long written = parsed.GetValue(writeTest) ?? Math.Min(MostWritten, memoryBytes / 10 >> 20 << 20);
                TryRun run = new(session.OpenStore(), parsed.GetValue(carrier)!.Value, memoryBytes, written);
                return await RunAsync(session, recipe, run, parsed.GetValue(json), cancellation);
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(Session session, Recipe recipe, TryRun run, bool json, CancellationToken cancellation)
    {
        (TryData data, IReadOnlyList<UserError> failures) = await session.WithProgressAsync(async progress =>
        {
            StoredImage image = await new ImageBuilder(session.OpenStore(), EmbeddedInit.Load(), progress).BuildAsync(recipe, cancellation);
            return await run.RunAsync(image, progress, cancellation);
        });
        if (json)
        {
            session.WriteJson(JsonSerializer.SerializeToUtf8Bytes(data, CliJson.Default.TryData));
        }
        else
        {
            session.Data.Write(TryTable.Of(data.Rows));
            foreach (string line in TryTable.Legend(data.Host, data.Rows))
            {
                session.People.WriteLine(line);
            }
            session.People.WriteLine(
                $"Sit at one of them: rootcast boot {TryRecipe.Name} --form squashfs --carrier http (root is locked; Ctrl-A X ends it)"
            );
        }
        foreach (UserError failure in failures)
        {
            session.People.WriteLine($"rootcast: {failure.Message}");
            session.People.WriteLine($"  what to do: {failure.Hint}");
        }
        return failures.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }
}
