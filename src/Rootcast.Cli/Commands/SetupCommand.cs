using System.CommandLine;
using Rootcast.Cli.Host;
using Rootcast.Contract;
using Spectre.Console;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast setup</c>: what every command calls, without anything else.</summary>
internal static class SetupCommand
{
    public static Command Create(Session session)
    {
        Option<bool> yes = new("--yes") { Description = "Install without asking" };
        Option<bool> tests = new("--tests") { Description = "What the tests of a checkout need, too" };
        DocumentedCommand command = new(
            "setup",
            "Install the programs that Rootcast calls and this host lacks, by apt.",
            "rootcast setup",
            "rootcast setup --yes --tests"
        )
        {
            yes,
            tests,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                IReadOnlyList<HostProgram> programs =
                [
                    .. HostPrograms.ForTry(Enum.GetValues<Form>()),
                    .. HostPrograms.ForMedia,
                    .. HostPrograms.ForConvert,
                    .. HostPrograms.ForServe,
                ];
                programs = parsed.GetValue(tests) ? [.. programs, .. HostPrograms.ForTests] : programs;
                await new HostPreparation(session).RunAsync(programs, parsed.GetValue(yes), cancellation);
                session.People.WriteLine("This host has every program that is needed.");
                return ExitCodes.Done;
            }
        );
        return command;
    }
}
