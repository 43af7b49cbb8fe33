using System.CommandLine;
using Spectre.Console;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast remove IMAGE</c>.</summary>
internal static class RemoveCommand
{
    public static Command Create(Session session)
    {
        Argument<string> image = CommonOptions.Image();
        DocumentedCommand command = new("remove", "Take an image's name away; 'rootcast gc' then frees its space.", "rootcast remove try")
        {
            image,
        };
        command.SetAction(parsed =>
        {
            string removed = session.OpenStore().Remove(parsed.GetRequiredValue(image));
            session.People.WriteLine($"{removed} is removed; 'rootcast gc' frees the space that no other image uses");
            return ExitCodes.Done;
        });
        return command;
    }
}
