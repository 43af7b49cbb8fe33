using System.CommandLine;
using Rootcast.Contract;
using Rootcast.Images.Recipes;
using Spectre.Console;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast init</c>.</summary>
internal static class InitCommand
{
    public static Command Create(Session session)
    {
        Argument<string> file = new("FILE") { Description = "The recipe to write", DefaultValueFactory = _ => "recipe.yaml" };
        DocumentedCommand command = new(
            "init",
            "Write an example of a recipe, with a comment on every key.",
            "rootcast init",
            "rootcast init web.yaml"
        )
        {
            file,
        };
        command.SetAction(parsed => Run(session, parsed.GetRequiredValue(file)));
        return command;
    }

    private static int Run(Session session, string path)
    {
        try
        {
            using FileStream created = new(path, FileMode.CreateNew);
            created.Write(System.Text.Encoding.UTF8.GetBytes(RecipeExample.Text));
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new UserError($"{path} is there already", "Name another file, or move that one away.", UserErrorKind.Input, e);
        }
        session.People.WriteLine($"{path} is written; cast it with: rootcast build {path}");
        return ExitCodes.Done;
    }
}
