using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Rootcast.Cli.Nodes;
using Rootcast.Cli.Terminal;
using Rootcast.Contract;
using Rootcast.Server.Api;
using Rootcast.Server.Nodes;
using Spectre.Console;

namespace Rootcast.Cli.Commands;

/// <summary>What only looks.</summary>
internal static partial class NodeCommand
{
    private static DocumentedCommand List(Session session)
    {
        NodeConnection connection = new();
        Option<string?> labels = new("--label")
        {
            Description = "Only nodes with these labels: rack=3, or rack=3,role=web",
            HelpName = "PATTERN",
        };
        Option<bool> assignments = new("--assignments") { Description = "List what is assigned instead of nodes" };
        Option<bool> json = CommonOptions.Json();
        DocumentedCommand command = connection.AddTo(
            new DocumentedCommand(
                "list",
                "List nodes with their last boot, or what is assigned.",
                "rootcast node list",
                "rootcast node list --label rack=3 --json",
                "rootcast node list --assignments"
            )
            {
                labels,
                assignments,
                json,
            }
        );
        command.SetAction(
            async (parsed, cancellation) =>
            {
                NodeClient client = connection.Open(parsed);
                if (parsed.GetValue(assignments))
                {
                    IReadOnlyList<AssignmentData> held = await client.GetAsync(
                        "/assignments",
                        ApiJson.Default.IReadOnlyListAssignmentData,
                        cancellation
                    );
                    return Print(
                        session,
                        parsed.GetValue(json),
                        held,
                        ApiJson.Default.IReadOnlyListAssignmentData,
                        () => Assignments(session, held)
                    );
                }
                NodePattern? pattern = parsed.GetValue(labels) is not { } text
                    ? NodePattern.All
                    : NodePattern.Parse(text)
                        ?? throw new UserError(
                            $"'{text}' is no pattern of labels.",
                            "Write NAME=VALUE, several with commas.",
                            UserErrorKind.Input
                        );
                IReadOnlyList<NodeData> nodes =
                [
                    .. (await client.GetAsync("/nodes", ApiJson.Default.IReadOnlyListNodeData, cancellation)).Where(node =>
                        pattern.Matches(node.Id, node.Labels)
                    ),
                ];
                return Print(
                    session,
                    parsed.GetValue(json),
                    nodes,
                    ApiJson.Default.IReadOnlyListNodeData,
                    () =>
                    {
                        if (nodes.Count == 0)
                        {
                            session.People.WriteLine("No node is known yet: whatever boots from the server is.");
                            return;
                        }
                        session.Data.Write(NodeTexts.List(nodes));
                    }
                );
            }
        );
        return command;
    }

    private static DocumentedCommand Show(Session session)
    {
        NodeConnection connection = new();
        Argument<string> node = Node();
        Option<bool> json = CommonOptions.Json();
        DocumentedCommand command = connection.AddTo(
            new DocumentedCommand("show", "Show a node and its boots.", "rootcast node show 52:54:00:12:34:56") { node, json }
        );
        command.SetAction(
            async (parsed, cancellation) =>
            {
                NodeClient client = connection.Open(parsed);
                NodeData data = await client.GetAsync(PathOf(parsed.GetRequiredValue(node)), ApiJson.Default.NodeData, cancellation);
                return Print(session, parsed.GetValue(json), data, ApiJson.Default.NodeData, () => NodeTexts.Show(session.Output, data));
            }
        );
        return command;
    }

    private static DocumentedCommand Log(Session session)
    {
        NodeConnection connection = new();
        Argument<string> node = Node();
        Option<string?> boot = new("--boot")
        {
            Description = "Another boot than the last, by its id (node show --json has them)",
            HelpName = "ID",
        };
        Option<bool> json = CommonOptions.Json();
        DocumentedCommand command = connection.AddTo(
            new DocumentedCommand(
                "log",
                "Show what happened in a node's last boot: its marks, and of a failure the screen and the kernel's last lines.",
                "rootcast node log 52:54:00:12:34:56"
            )
            {
                node,
                boot,
                json,
            }
        );
        command.SetAction(
            async (parsed, cancellation) =>
            {
                NodeClient client = connection.Open(parsed);
                string path = parsed.GetValue(boot) is { } id
                    ? $"/boots/{Uri.EscapeDataString(id)}"
                    : PathOf(parsed.GetRequiredValue(node)) + "/log";
                BootLogData data = await client.GetAsync(path, ApiJson.Default.BootLogData, cancellation);
                return Print(session, parsed.GetValue(json), data, ApiJson.Default.BootLogData, () => NodeTexts.Log(session.Output, data));
            }
        );
        return command;
    }

    private static void Assignments(Session session, IReadOnlyList<AssignmentData> held)
    {
        if (held.Count == 0)
        {
            session.People.WriteLine("Nothing is assigned: all nodes get the newest image.");
            return;
        }
        Table table = Tables.Plain("nodes", "image", "since");
        foreach (AssignmentData one in held)
        {
            table.AddRow(new Text(one.Pattern), new Text(NodeTexts.Version(one.Image, one.Digest)), new Text(Amounts.Moment(one.Since)));
        }
        session.Data.Write(table);
    }

    private static int Print<T>(Session session, bool json, T data, JsonTypeInfo<T> type, Action text)
    {
        if (json)
        {
            session.WriteJson(JsonSerializer.SerializeToUtf8Bytes(data, type));
        }
        else
        {
            text();
        }
        return ExitCodes.Done;
    }
}
