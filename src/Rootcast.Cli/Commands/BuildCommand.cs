using System.CommandLine;
using System.Text.Json;
using Rootcast.Cli.Data;
using Rootcast.Images;
using Rootcast.Images.Recipes;
using Rootcast.Images.Store;
using Spectre.Console;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast build RECIPE</c>.</summary>
internal static class BuildCommand
{
    public static Command Create(Session session)
    {
        Argument<string> recipe = new("RECIPE") { Description = "The recipe's file; 'rootcast init' writes an example" };
        Option<bool> json = CommonOptions.Json();
        DocumentedCommand command = new(
            "build",
            "Cast a recipe into an image in the store.",
            "rootcast build recipe.yaml",
            "rootcast build recipe.yaml --json"
        )
        {
            recipe,
            json,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                Recipe read = Recipe.Load(parsed.GetRequiredValue(recipe));
                StoredImage image = await session.WithProgressAsync(progress =>
                    new ImageBuilder(session.OpenStore(), EmbeddedInit.Load(), progress).BuildAsync(read, cancellation)
                );
                if (parsed.GetValue(json))
                {
                    session.WriteJson(JsonSerializer.SerializeToUtf8Bytes(ImageData.Of(image), CliJson.Default.ImageData));
                }
                else
                {
                    await session.Output.WriteLineAsync($"{image.Manifest.Name} {image.Digest}");
                    session.People.WriteLine(
                        $"Boot it: rootcast boot {image.Manifest.Name} --form {Contract.Names.Of(image.Manifest.Artefacts[0].Form)} --carrier initrd"
                    );
                }
                return ExitCodes.Done;
            }
        );
        return command;
    }
}
