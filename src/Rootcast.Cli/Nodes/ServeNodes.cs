using System.CommandLine;
using Rootcast.Cli.Commands;
using Rootcast.Server.Nodes;
using Rootcast.Server.State;

namespace Rootcast.Cli.Nodes;

/// <summary>The options of <c>rootcast serve</c> that are about nodes.</summary>
internal sealed class ServeNodes
{
    private const int MostMinutes = 24 * 60;
    private const int MostAttempts = 100;

    private readonly Option<string?> state = new("--state")
    {
        Description =
            $"Where it is kept what is known of nodes (default: ${ServeState.Variable}, else a directory of this user): a directory, or a database that servers share",
        HelpName = "DIR|postgres://…",
    };

    private readonly Option<bool> approve = new("--approve")
    {
        Description = "Nodes that nobody has approved wait ('rootcast node approve')",
    };
    private readonly Option<int> readyWithin = CommonOptions.Counted(
        "--ready-within",
        "Minutes after which a node that has not said that it is ready has failed",
        "MINUTES",
        (int)new NodeOptions().ReadyWithin.TotalMinutes,
        MostMinutes
    );

    private readonly Option<int> attempts = CommonOptions.Counted(
        "--attempts",
        "How many boots a new image has to get a node ready before the node gets its last good one",
        "NUMBER",
        new NodeOptions().Attempts,
        MostAttempts
    );

    /// <summary>Adds them to the command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(state);
        command.Options.Add(approve);
        command.Options.Add(readyWithin);
        command.Options.Add(attempts);
    }

    /// <summary>How nodes are treated.</summary>
    public NodeOptions Options(ParseResult parsed) =>
        new()
        {
            MustBeApproved = parsed.GetValue(approve),
            ReadyWithin = TimeSpan.FromMinutes(parsed.GetValue(readyWithin)),
            Attempts = parsed.GetValue(attempts),
        };

    /// <summary>Opens the state; the first time the token is shown.</summary>
    public StateDatabase State(ParseResult parsed, TextWriter people) => ServeState.Open(parsed.GetValue(state), people);
}
