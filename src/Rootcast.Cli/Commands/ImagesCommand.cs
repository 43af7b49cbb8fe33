using System.CommandLine;
using System.Text.Json;
using Rootcast.Cli.Data;
using Rootcast.Cli.Terminal;
using Spectre.Console;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast images</c>.</summary>
internal static class ImagesCommand
{
    public static Command Create(Session session)
    {
        Option<bool> json = CommonOptions.Json();
        DocumentedCommand command = new("images", "List the images in the store.", "rootcast images", "rootcast images --json") { json };
        command.SetAction(parsed => Run(session, parsed.GetValue(json)));
        return command;
    }

    private static int Run(Session session, bool json)
    {
        IReadOnlyList<ImageData> images = [.. session.OpenStore().List().Select(ImageData.Of)];
        if (json)
        {
            session.WriteJson(JsonSerializer.SerializeToUtf8Bytes(images, CliJson.Default.IReadOnlyListImageData));
            return ExitCodes.Done;
        }
        if (images.Count == 0)
        {
            session.People.WriteLine("There are no images yet: rootcast build RECIPE makes one.");
            return ExitCodes.Done;
        }
        Table table = Tables.Plain("name", "digest", "created", "forms", "size", "source");
        foreach (ImageData image in images)
        {
            table.AddRow(
                new Text(image.Name),
                new Text(image.Digest["sha256:".Length..][..12]),
                new Text(image.Created is { } created ? Amounts.Moment(created) : ""),
                new Text(string.Join(' ', image.Artefacts.Select(artefact => artefact.Form))),
                new Text(image.Problem is null ? Amounts.Bytes(image.Bytes) : ""),
                new Text(image.Problem ?? image.Source ?? "")
            );
        }
        session.Data.Write(table);
        return ExitCodes.Done;
    }
}
