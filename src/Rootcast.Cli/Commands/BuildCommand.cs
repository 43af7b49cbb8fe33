using System.CommandLine;
using Rootcast.Images;
using Rootcast.Images.Recipes;
using Rootcast.Images.Store;

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
                await ImageResult.WriteAsync(session, image, parsed.GetValue(json));
                return ExitCodes.Done;
            }
        );
        return command;
    }
}
