using System.CommandLine;
using System.Text.Json;
using Rootcast.Cli.Nodes;
using Rootcast.Contract;
using Rootcast.Server.Api;
using Rootcast.Server.Nodes;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast node …</c>: what a boot server knows of its nodes, by its API.</summary>
internal static partial class NodeCommand
{
    public static Command Create(Session session) =>
        new("node", "See and steer the machines that boot from a server.")
        {
            List(session),
            Show(session),
            Log(session),
            Assign(session),
            Rollback(session),
            Label(session),
            Change(
                session,
                "approve",
                "Let a node boot that waits (rootcast serve --approve), or one that has not asked yet.",
                "approve 52:54:00:12:34:56",
                "POST",
                "/approve",
                node => $"{node.Id} may boot"
            ),
            RebootTo(session),
            NodeConfigureCommand.Create(session),
            Change(
                session,
                "forget",
                "Forget a node, its boots and what is assigned to it alone.",
                "forget 52:54:00:12:34:56",
                "DELETE",
                "",
                node => $"{node.Id} is forgotten"
            ),
        };

    /// <summary>The argument that names a node.</summary>
    public static Argument<string> Node() => new("NODE") { Description = "Id, hardware address, UUID, serial number or host name" };

    /// <summary>The argument that names nodes.</summary>
    public static Argument<string> Target() =>
        new("TARGET") { Description = "Which nodes: labels (rack=3, or rack=3,role=web), * for all, or a node" };

    /// <summary>Path of a node below the API's root.</summary>
    public static string PathOf(string node) => $"/nodes/{Uri.EscapeDataString(node)}";

    private static DocumentedCommand Label(Session session)
    {
        NodeConnection connection = new();
        Argument<string> node = Node();
        Argument<string[]> labels = new("LABEL")
        {
            Description = "NAME=VALUE sets a label, NAME- takes it away",
            Arity = ArgumentArity.OneOrMore,
        };
        DocumentedCommand command = connection.AddTo(
            new DocumentedCommand("label", "Set a node's labels, and take some away.", "rootcast node label 52:54:00:12:34:56 rack=3 old-")
            {
                node,
                labels,
            }
        );
        command.SetAction(
            async (parsed, cancellation) =>
            {
                SortedDictionary<string, string> set = new(StringComparer.Ordinal);
                List<string> removed = [];
                foreach (string word in parsed.GetRequiredValue(labels))
                {
                    if (NodeLabel.TryParse(word, allowStar: false, out string name, out string value))
                    {
                        set[name] = value;
                    }
                    else if (word.EndsWith('-') && NodeLabel.IsWord(word[..^1]))
                    {
                        removed.Add(word[..^1]);
                    }
                    else
                    {
                        throw new UserError($"'{word}' is no label.", "Write NAME=VALUE, or NAME- to take one away.", UserErrorKind.Input);
                    }
                }
                NodeClient client = connection.Open(parsed);
                NodeData done = await client.SendAsync(
                    "PATCH",
                    PathOf(parsed.GetRequiredValue(node)) + "/labels",
                    JsonSerializer.SerializeToUtf8Bytes(new LabelsRequest { Set = set, Remove = removed }, ApiJson.Default.LabelsRequest),
                    ApiJson.Default.NodeData,
                    cancellation
                );
                await session.Output.WriteLineAsync(
                    $"{done.Id} has {string.Join(' ', done.Labels.Select(label => $"{label.Key}={label.Value}"))}".TrimEnd()
                );
                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static DocumentedCommand Change(
        Session session,
        string name,
        string description,
        string example,
        string method,
        string path,
        Func<NodeData, string> done
    )
    {
        NodeConnection connection = new();
        Argument<string> node = Node();
        DocumentedCommand command = connection.AddTo(new DocumentedCommand(name, description, "rootcast node " + example) { node });
        command.SetAction(
            async (parsed, cancellation) =>
            {
                NodeClient client = connection.Open(parsed);
                NodeData data = await client.SendAsync(
                    method,
                    PathOf(parsed.GetRequiredValue(node)) + path,
                    null,
                    ApiJson.Default.NodeData,
                    cancellation
                );
                await session.Output.WriteLineAsync(done(data));
                return ExitCodes.Done;
            }
        );
        return command;
    }
}
