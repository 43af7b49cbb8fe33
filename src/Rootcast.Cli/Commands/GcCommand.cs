using System.CommandLine;
using System.Text.Json;
using Rootcast.Cli.Data;
using Rootcast.Cli.Terminal;
using Rootcast.Images.Store;
using Spectre.Console;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast gc</c>.</summary>
internal static class GcCommand
{
    public static Command Create(Session session)
    {
        Option<bool> json = CommonOptions.Json();
        DocumentedCommand command = new("gc", "Delete what no image in the store uses.", "rootcast gc", "rootcast gc --json") { json };
        command.SetAction(parsed =>
        {
            CollectedGarbage collected = session.OpenStore().CollectGarbage();
            if (parsed.GetValue(json))
            {
                GarbageData data = new(collected.Blobs, collected.Bytes, collected.Temporaries);
                session.WriteJson(JsonSerializer.SerializeToUtf8Bytes(data, CliJson.Default.GarbageData));
            }
            else
            {
                session.People.WriteLine($"{collected.Blobs} blobs deleted, {Amounts.Bytes(collected.Bytes)} freed");
            }
            return ExitCodes.Done;
        });
        return command;
    }
}
