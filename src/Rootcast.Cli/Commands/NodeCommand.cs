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

/// <summary><c>rootcast node …</c>: what a boot server knows of its nodes, by its API.</summary>
internal static class NodeCommand
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

    /// <summary>Path of a node below the API's root.</summary>
    public static string PathOf(string node) => $"/nodes/{Uri.EscapeDataString(node)}";

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

    private static DocumentedCommand Assign(Session session)
    {
        NodeConnection connection = new();
        Argument<string> target = Target();
        Argument<string> image = new("IMAGE") { Description = "Name of an image in the server's store, or the beginning of its digest" };
        DocumentedCommand command = connection.AddTo(
            new DocumentedCommand(
                "assign",
                "From now on these nodes get this version of an image; those that boot finish with what they began.",
                "rootcast node assign rack=3 web:2",
                "rootcast node assign '*' web:2",
                "rootcast node assign 52:54:00:12:34:56 3f2a1b0c"
            )
            {
                target,
                image,
            }
        );
        command.SetAction(
            async (parsed, cancellation) =>
            {
                NodeClient client = connection.Open(parsed);
                AssignRequest request = new(parsed.GetRequiredValue(target), parsed.GetRequiredValue(image));
                AssignmentData done = await client.SendAsync(
                    "POST",
                    "/assignments",
                    JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Default.AssignRequest),
                    ApiJson.Default.AssignmentData,
                    cancellation
                );
                await session.Output.WriteLineAsync($"{done.Pattern} gets {NodeTexts.Version(done.Image, done.Digest)}");
                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static DocumentedCommand Rollback(Session session)
    {
        NodeConnection connection = new();
        Argument<string> target = Target();
        DocumentedCommand command = connection.AddTo(
            new DocumentedCommand(
                "rollback",
                "Take back what was assigned last: what was before holds again.",
                "rootcast node rollback rack=3"
            )
            {
                target,
            }
        );
        command.SetAction(
            async (parsed, cancellation) =>
            {
                NodeClient client = connection.Open(parsed);
                RollbackData done = await client.SendAsync(
                    "POST",
                    "/rollback",
                    JsonSerializer.SerializeToUtf8Bytes(
                        new RollbackRequest(parsed.GetRequiredValue(target)),
                        ApiJson.Default.RollbackRequest
                    ),
                    ApiJson.Default.RollbackData,
                    cancellation
                );
                await session.Output.WriteLineAsync(
                    done.Now is { } now
                        ? $"{now.Pattern} gets {NodeTexts.Version(now.Image, now.Digest)} again"
                        : $"nothing is assigned to {done.Withdrawn.Pattern} any more"
                );
                return ExitCodes.Done;
            }
        );
        return command;
    }

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

    private static DocumentedCommand RebootTo(Session session)
    {
        NodeConnection connection = new();
        Argument<string> node = Node();
        Argument<string> image = new("IMAGE") { Description = "Name of an image in the server's store, or the beginning of its digest" };
        DocumentedCommand command = connection.AddTo(
            new DocumentedCommand(
                "reboot-to",
                "Give a node's next boot an image, that once. The node is not restarted.",
                "rootcast node reboot-to 52:54:00:12:34:56 rescue"
            )
            {
                node,
                image,
            }
        );
        command.SetAction(
            async (parsed, cancellation) =>
            {
                NodeClient client = connection.Open(parsed);
                NodeData done = await client.SendAsync(
                    "PUT",
                    PathOf(parsed.GetRequiredValue(node)) + "/next",
                    JsonSerializer.SerializeToUtf8Bytes(new ImageRequest(parsed.GetRequiredValue(image)), ApiJson.Default.ImageRequest),
                    ApiJson.Default.NodeData,
                    cancellation
                );
                await session.Output.WriteLineAsync($"{done.Id} boots {NodeTexts.Version(done.Next!.Name, done.Next.Digest)} next, once");
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

    private static Argument<string> Target() =>
        new("TARGET") { Description = "Which nodes: labels (rack=3, or rack=3,role=web), * for all, or a node" };

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
