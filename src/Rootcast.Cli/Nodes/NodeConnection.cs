using System.CommandLine;

namespace Rootcast.Cli.Nodes;

/// <summary>The options by which a command reaches a boot server.</summary>
internal sealed class NodeConnection
{
    private readonly Option<string?> server = new("--server")
    {
        Description = $"The boot server (default: ${NodeClient.ServerVariable}, else {NodeClient.UsualServer})",
        HelpName = "URL",
    };

    private readonly Option<string?> token = new("--token")
    {
        Description = $"What changes take (default: ${NodeClient.TokenVariable}, else the file token of this host's state directory)",
        HelpName = "TOKEN",
    };

    private readonly Option<string?> authority = new("--authority")
    {
        Description = "With an https server: certificates to judge it by, PEM (default: this host's)",
        HelpName = "FILE",
    };

    /// <summary>Adds the options to a command.</summary>
    public DocumentedCommand AddTo(DocumentedCommand command)
    {
        command.Options.Add(server);
        command.Options.Add(token);
        command.Options.Add(authority);
        return command;
    }

    /// <summary>The client that they ask for.</summary>
    public NodeClient Open(ParseResult parsed) => new(parsed.GetValue(server), parsed.GetValue(token), parsed.GetValue(authority));
}
