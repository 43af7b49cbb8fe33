using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Rootcast.Cli.Commands;

namespace Rootcast.Cli;

/// <summary>The commands and how they are run.</summary>
internal static class CommandLine
{
    /// <summary>Runs a command line to its exit code; no exception leaves it.</summary>
    public static async Task<int> RunAsync(string[] arguments, Session session, Interruption interruption)
    {
        TextWriter people = session.People.Profile.Out.Writer;
        Option<bool> verbose = new("--verbose") { Description = "With an error, show what was below it", Recursive = true };
        ParseResult parsed = Root(session, verbose).Parse(arguments);
        // Not by the number of errors: who asks for help has not given the required options.
        if (parsed.Action is ParseErrorAction)
        {
            // A word that is no command is told about twice by the library: first that a command is missing, then which word it is.
            int told = parsed.UnmatchedTokens.Count > 0 ? parsed.Errors.Count - parsed.UnmatchedTokens.Count : 0;
            foreach (string message in parsed.Errors.Skip(told).Select(error => error.Message))
            {
                await people.WriteLineAsync($"rootcast: {message}");
            }
            await people.WriteLineAsync($"  what to do: {PathOf(parsed)} --help shows what is understood");
            return ExitCodes.Input;
        }
        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    EnableDefaultExceptionHandler = false,
                    // Signals are Interruption's.
                    ProcessTerminationTimeout = null,
                    Output = session.Output,
                    Error = people,
                },
                interruption.Token
            );
        }
        catch (Exception e)
        {
            return Failures.Report(e, interruption.Token.IsCancellationRequested, parsed.GetValue(verbose), people);
        }
    }

    internal static RootCommand Root(Session session, Option<bool> verbose)
    {
        RootCommand root = new("Casts a Linux root filesystem into whatever a machine can boot from, boots it, and measures what it cost.")
        {
            verbose,
            TryCommand.Create(session),
            BuildCommand.Create(session),
            ConvertCommand.Create(session),
            SetupCommand.Create(session),
            InitCommand.Create(session),
            ImagesCommand.Create(session),
            InspectCommand.Create(session),
            RemoveCommand.Create(session),
            GcCommand.Create(session),
            BootCommand.Create(session),
            FootprintCommand.Create(session),
            MeasureCommand.Create(session),
            StudyCommand.Create(session),
            ReportCommand.Create(session),
            AdviseCommand.Create(session),
            ExportCommand.Create(session),
            WriteCommand.Create(session),
            IsoCommand.Create(session),
            UkiCommand.Create(session),
            ServeCommand.Create(session),
            NodeCommand.Create(session),
            LabCommand.Create(session),
            ArgsCommand.Create(session),
            InitramfsCommand.Create(session),
            CpioCommand.Create(session),
            ExtentsCommand.Create(session),
        };
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction();
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    private static string PathOf(ParseResult parsed)
    {
        string path = "";
        for (
            SymbolResult? result = parsed.CommandResult;
            result is CommandResult { Command: not RootCommand } command;
            result = result.Parent
        )
        {
            path = $" {command.Command.Name}{path}";
        }
        return $"rootcast{path}";
    }
}
