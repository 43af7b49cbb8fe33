using System.CommandLine;
using System.Text.Json;
using Rootcast.Cli.Data;
using Rootcast.Lab.Footprints;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast footprint diff</c>.</summary>
internal static class FootprintDiffCommand
{
    public static Command Create(Session session)
    {
        Argument<string> first = new("A") { Description = "What rootcast footprint --json printed" };
        Argument<string?> second = new("B")
        {
            Description = "The same at another time; this machine now when it is left out",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<bool> json = CommonOptions.Json();
        DocumentedCommand command = new(
            "diff",
            "Say which owners' memory grew or shrank between two footprints, the largest change first.",
            "rootcast footprint diff before.json after.json",
            "rootcast footprint diff before.json"
        )
        {
            first,
            second,
            json,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                Footprint before = FootprintFile.Read(parsed.GetRequiredValue(first));
                Footprint after = parsed.GetValue(second) is { } file
                    ? FootprintFile.Read(file)
                    : await FootprintCommand.TakeAsync(session, new FootprintOptions(), cancellation);
                FootprintDifference difference = FootprintDifference.Between(before, after);
                if (parsed.GetValue(json))
                {
                    session.WriteJson(JsonSerializer.SerializeToUtf8Bytes(difference, FootprintJson.Default.FootprintDifference));
                }
                else
                {
                    session.Data.Write(FootprintTables.Changes(difference));
                }
                return ExitCodes.Done;
            }
        );
        return command;
    }
}
