using System.Data.Common;
using System.Text.Json;
using Rootcast.Server.State;

namespace Rootcast.Server.Nodes;

/// <summary>Nodes, assignments, boots and moments as rows of the state.</summary>
internal static class NodeRows
{
    private const string NodeColumns = "id, approved, created, seen, address, next_image, next_digest, configuration";
    private const string BootColumns = "id, node, image, digest, reason, address, started, deadline, stage, outcome, ended, report_key";

    /// <summary>Every node, by id.</summary>
    public static IReadOnlyList<Node> Nodes(StateTransaction state)
    {
        ILookup<string, (string Node, string Kind, string Value)> keys = state
            .Query("SELECT node, kind, value FROM node_keys", row => (row.GetString(0), row.GetString(1), row.GetString(2)))
            .ToLookup(key => key.Item1, StringComparer.Ordinal);
        ILookup<string, (string Node, string Name, string Value)> labels = state
            .Query("SELECT node, name, value FROM node_labels", row => (row.GetString(0), row.GetString(1), row.GetString(2)))
            .ToLookup(label => label.Item1, StringComparer.Ordinal);
        return
        [
            .. state
                .Query($"SELECT {NodeColumns} FROM nodes ORDER BY id", ReadNode)
                .Select(node =>
                    node with
                    {
                        Keys = [.. keys[node.Id].Select(key => (key.Kind, key.Value)).Order()],
                        Labels = Labels(labels[node.Id].Select(label => (label.Name, label.Value))),
                    }
                ),
        ];
    }

    /// <summary>The node of that id; null when there is none.</summary>
    public static Node? Node(StateTransaction state, string id) =>
        state.Query($"SELECT {NodeColumns} FROM nodes WHERE id = @id", ReadNode, ("@id", id)) is not [var node]
            ? null
            : node with
            {
                Keys =
                [
                    .. state.Query(
                        "SELECT kind, value FROM node_keys WHERE node = @id ORDER BY kind, value",
                        row => (row.GetString(0), row.GetString(1)),
                        ("@id", id)
                    ),
                ],
                Labels = Labels(
                    state.Query(
                        "SELECT name, value FROM node_labels WHERE node = @id",
                        row => (row.GetString(0), row.GetString(1)),
                        ("@id", id)
                    )
                ),
            };

    /// <summary>The node that a key belongs to; null for nobody.</summary>
    public static string? Owner(StateTransaction state, string kind, string value) =>
        state
            .Query(
                "SELECT node FROM node_keys WHERE kind = @kind AND value = @value",
                row => row.GetString(0),
                ("@kind", kind),
                ("@value", value)
            )
            .FirstOrDefault();

    /// <summary>How many nodes there are.</summary>
    public static long Count(StateTransaction state) => state.Query("SELECT COUNT(*) FROM nodes", row => row.GetInt64(0))[0];

    /// <summary>Adds a node.</summary>
    public static void Add(StateTransaction state, Node node) =>
        state.Execute(
            $"INSERT INTO nodes ({NodeColumns}) VALUES (@id, @approved, @created, @seen, @address, '', '', '')",
            ("@id", node.Id),
            ("@approved", node.IsApproved ? 1L : 0L),
            ("@created", Milliseconds(node.Created)),
            ("@seen", Milliseconds(node.Seen)),
            ("@address", node.Address)
        );

    /// <summary>Gives a node a key, unless another has it.</summary>
    public static void AddKey(StateTransaction state, string node, string kind, string value) =>
        state.Execute(
            "INSERT INTO node_keys (kind, value, node) VALUES (@kind, @value, @node) ON CONFLICT (kind, value) DO NOTHING",
            ("@kind", kind),
            ("@value", value),
            ("@node", node)
        );

    /// <summary>What a node has of its own, as it is kept.</summary>
    public static string Text(NodeConfiguration configuration) =>
        JsonSerializer.Serialize(configuration, NodeJson.Default.NodeConfiguration);

    /// <summary>What the nodes of each pattern have, the pattern that names them least closely first.</summary>
    public static IReadOnlyList<NodeGroup> Groups(StateTransaction state)
    {
        List<NodeGroup> groups = state.Query(
            "SELECT pattern, configuration FROM group_configurations ORDER BY pattern",
            row => new NodeGroup(NodePattern.OfState(row.GetString(0)), Configuration(row.GetString(1)))
        );
        return [.. groups.OrderBy(group => group.Pattern.Closeness)];
    }

    /// <summary>Writes down what the nodes of a pattern have; nothing of a configuration that is empty.</summary>
    public static void Set(StateTransaction state, NodeGroup group)
    {
        string pattern = group.Pattern.ToString();
        state.Execute("DELETE FROM group_configurations WHERE pattern = @pattern", ("@pattern", pattern));
        if (!group.Configuration.IsEmpty)
        {
            state.Execute(
                "INSERT INTO group_configurations (pattern, configuration) VALUES (@pattern, @configuration)",
                ("@pattern", pattern),
                ("@configuration", Text(group.Configuration))
            );
        }
    }

    /// <summary>The assignments that hold: of each pattern the last that was not withdrawn.</summary>
    public static IReadOnlyList<Assignment> Assignments(StateTransaction state) =>
        state.Query(
            """
            SELECT number, pattern, image, digest, since FROM assignments a
            WHERE withdrawn = 0 AND number = (SELECT MAX(number) FROM assignments b WHERE b.pattern = a.pattern AND b.withdrawn = 0)
            ORDER BY pattern
            """,
            ReadAssignment
        );

    /// <summary>What a rollback can uncover, and what holds: every assignment of a pattern that was not withdrawn, the newest first.</summary>
    public static IReadOnlyList<Assignment> Assignments(StateTransaction state, NodePattern pattern) =>
        state.Query(
            "SELECT number, pattern, image, digest, since FROM assignments WHERE withdrawn = 0 AND pattern = @pattern ORDER BY number DESC",
            ReadAssignment,
            ("@pattern", pattern.ToString())
        );

    /// <summary>A node's last boots, the newest first.</summary>
    public static IReadOnlyList<NodeBoot> Boots(StateTransaction state, string node, int most) =>
        state.Query(
            $"SELECT {BootColumns} FROM boots WHERE node = @node ORDER BY started DESC, id LIMIT @most",
            ReadBoot,
            ("@node", node),
            ("@most", (long)most)
        );

    /// <summary>The last boot of every node that had one, by node.</summary>
    public static IReadOnlyDictionary<string, NodeBoot> LastBoots(StateTransaction state)
    {
        Dictionary<string, NodeBoot> last = new(StringComparer.Ordinal);
        foreach (
            NodeBoot boot in state.Query(
                $"SELECT {BootColumns} FROM boots b WHERE started = (SELECT MAX(started) FROM boots c WHERE c.node = b.node) ORDER BY id DESC",
                ReadBoot
            )
        )
        {
            last[boot.Node] = boot;
        }
        return last;
    }

    /// <summary>A boot; null when there is none of that id.</summary>
    public static NodeBoot? Boot(StateTransaction state, string id) =>
        state.Query($"SELECT {BootColumns} FROM boots WHERE id = @id", ReadBoot, ("@id", id)).FirstOrDefault();

    /// <summary>The boot of that <see cref="NodeBoot.ReportKey"/>; null when there is none.</summary>
    public static NodeBoot? BootOfKey(StateTransaction state, string key) =>
        state.Query($"SELECT {BootColumns} FROM boots WHERE report_key = @key", ReadBoot, ("@key", key)).FirstOrDefault();

    /// <summary>Boots that have not ended though their deadline has passed.</summary>
    public static IReadOnlyList<NodeBoot> Overdue(StateTransaction state, DateTimeOffset now) =>
        state.Query($"SELECT {BootColumns} FROM boots WHERE outcome = 'open' AND deadline <= @now", ReadBoot, ("@now", Milliseconds(now)));

    /// <summary>When the next boot that has not ended should have; null for never.</summary>
    public static DateTimeOffset? NextDeadline(StateTransaction state) =>
        state.Query("SELECT deadline FROM boots WHERE outcome = 'open' ORDER BY deadline LIMIT 1", row => Moment(row.GetInt64(0)))
            is [var deadline]
            ? deadline
            : null;

    /// <summary>Adds a boot.</summary>
    public static void Add(StateTransaction state, NodeBoot boot) =>
        state.Execute(
            $"INSERT INTO boots ({BootColumns}) VALUES (@id, @node, @image, @digest, @reason, @address, @started, @deadline, @stage, @outcome, 0, @key)",
            ("@id", boot.Id),
            ("@node", boot.Node),
            ("@image", boot.Image),
            ("@digest", boot.Digest),
            ("@reason", boot.Reason),
            ("@address", boot.Address),
            ("@started", Milliseconds(boot.Started)),
            ("@deadline", Milliseconds(boot.Deadline)),
            ("@stage", boot.Stage),
            ("@outcome", boot.OutcomeName),
            ("@key", boot.ReportKey)
        );

    /// <summary>Writes down how a boot ended.</summary>
    public static void End(StateTransaction state, string id, BootOutcome outcome, DateTimeOffset now) =>
        state.Execute(
            "UPDATE boots SET outcome = @outcome, ended = @now WHERE id = @id",
            ("@outcome", BootOutcomeJson.NameOf(outcome)),
            ("@now", Milliseconds(now)),
            ("@id", id)
        );

    /// <summary>Deletes a node's boots but the last ones.</summary>
    public static void Prune(StateTransaction state, string node, int kept)
    {
        foreach (NodeBoot boot in Boots(state, node, int.MaxValue).Skip(kept))
        {
            state.Execute("DELETE FROM moments WHERE boot = @id", ("@id", boot.Id));
            state.Execute("DELETE FROM secret_tokens WHERE boot = @id", ("@id", boot.Id));
            state.Execute("DELETE FROM boots WHERE id = @id", ("@id", boot.Id));
        }
    }

    /// <summary>All that happened in a boot, in order.</summary>
    public static IReadOnlyList<BootMoment> Moments(StateTransaction state, string boot) =>
        state.Query(
            "SELECT number, at, kind, name, clock, bytes FROM moments WHERE boot = @boot ORDER BY number",
            row => new BootMoment(
                row.GetInt64(0),
                Moment(row.GetInt64(1)),
                row.GetString(2),
                row.GetString(3),
                row.GetInt64(4) is > 0 and var clock ? TimeSpan.FromTicks(clock / 100) : null,
                row.GetInt64(5) is > 0 and var bytes ? bytes : null
            ),
            ("@boot", boot)
        );

    /// <summary>The highest number of a boot's moments; 0 when it has none.</summary>
    public static long LastMoment(StateTransaction state, string boot) =>
        state.Query("SELECT COALESCE(MAX(number), 0) FROM moments WHERE boot = @boot", row => row.GetInt64(0), ("@boot", boot))[0];

    /// <summary>Adds a moment.</summary>
    public static void Add(StateTransaction state, string boot, BootMoment moment) =>
        state.Execute(
            "INSERT INTO moments (boot, number, at, kind, name, clock, bytes) VALUES (@boot, @number, @at, @kind, @name, @clock, @bytes)",
            ("@boot", boot),
            ("@number", moment.Number),
            ("@at", Milliseconds(moment.At)),
            ("@kind", moment.Kind),
            ("@name", moment.Name),
            ("@clock", moment.Clock is { } clock ? clock.Ticks * 100 : 0L),
            ("@bytes", moment.Bytes ?? 0L)
        );

    /// <summary>As the state keeps moments.</summary>
    public static long Milliseconds(DateTimeOffset moment) => moment.ToUnixTimeMilliseconds();

    private static DateTimeOffset Moment(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static SortedDictionary<string, string> Labels(IEnumerable<(string Name, string Value)> pairs)
    {
        SortedDictionary<string, string> labels = new(StringComparer.Ordinal);
        foreach ((string name, string value) in pairs)
        {
            labels[name] = value;
        }
        return labels;
    }

    private static Node ReadNode(DbDataReader row) =>
        new()
        {
            Id = row.GetString(0),
            IsApproved = row.GetInt64(1) > 0,
            Created = Moment(row.GetInt64(2)),
            Seen = Moment(row.GetInt64(3)),
            Address = row.GetString(4),
            Next = row.GetString(6).Length > 0 ? new ServedImage(row.GetString(5), row.GetString(6)) : null,
            Configuration = Configuration(row.GetString(7)),
        };

    private static NodeConfiguration Configuration(string text) =>
        text.Length > 0 && JsonSerializer.Deserialize(text, NodeJson.Default.NodeConfiguration) is { } configuration
            ? configuration
            : new NodeConfiguration();

    private static Assignment ReadAssignment(DbDataReader row) =>
        new(
            row.GetInt64(0),
            NodePattern.OfState(row.GetString(1)),
            new ServedImage(row.GetString(2), row.GetString(3)),
            Moment(row.GetInt64(4))
        );

    private static NodeBoot ReadBoot(DbDataReader row) =>
        new()
        {
            Id = row.GetString(0),
            Node = row.GetString(1),
            Image = row.GetString(2),
            Digest = row.GetString(3),
            Reason = row.GetString(4),
            Address = row.GetString(5),
            Started = Moment(row.GetInt64(6)),
            Deadline = Moment(row.GetInt64(7)),
            Stage = row.GetString(8),
            Outcome = BootOutcomeJson.Of(row.GetString(9)),
            Ended = row.GetInt64(10) > 0 ? Moment(row.GetInt64(10)) : null,
            ReportKey = row.GetString(11),
        };
}
