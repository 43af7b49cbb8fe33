using Rootcast.Contract;
using Rootcast.Server.State;

namespace Rootcast.Server.Nodes;

/// <summary>What an operator sees and does.</summary>
public sealed partial class NodeRegistry
{
    /// <summary>Every node with its last boot.</summary>
    public IReadOnlyList<(Node Node, NodeBoot? Last)> List() =>
        state.Read(rows =>
        {
            IReadOnlyDictionary<string, NodeBoot> last = NodeRows.LastBoots(rows);
            return NodeRows.Nodes(rows).Select(node => (node, last.GetValueOrDefault(node.Id))).ToList();
        });

    /// <summary>A node and its boots, the newest first.</summary>
    /// <param name="reference">Its id, a hardware address, UUID or serial number of it, or its host name.</param>
    /// <exception cref="UserError">There is none, or more than one.</exception>
    public (Node Node, IReadOnlyList<NodeBoot> Boots) Show(string reference) =>
        state.Read(rows =>
        {
            Node node = Require(rows, reference);
            return (node, NodeRows.Boots(rows, node.Id, KeptBoots));
        });

    /// <summary>What happened in a boot.</summary>
    /// <param name="id">The boot.</param>
    /// <exception cref="UserError">There is none of that id.</exception>
    public (NodeBoot Boot, IReadOnlyList<BootMoment> Moments) Log(string id) =>
        state.Read(rows =>
            NodeRows.Boot(rows, id) is { } boot
                ? (boot, NodeRows.Moments(rows, id))
                : throw new UserError(
                    "There is no such boot.",
                    "'rootcast node show NODE --json' names a node's boots.",
                    UserErrorKind.Input
                )
        );

    /// <summary>The assignments that hold.</summary>
    public IReadOnlyList<Assignment> Assignments() => state.Read(NodeRows.Assignments);

    /// <summary>Lets a node boot; a hardware address that has not been seen yet is known from now on.</summary>
    /// <param name="reference">See <see cref="Show"/>.</param>
    public Node Approve(string reference) =>
        Changed(
            "is approved",
            rows =>
            {
                Node node = RequireOrAdd(rows, reference);
                rows.Execute("UPDATE nodes SET approved = 1 WHERE id = @id", ("@id", node.Id));
                return node.Id;
            }
        );

    /// <summary>Sets labels, and takes some away.</summary>
    /// <param name="reference">See <see cref="Show"/>; a hardware address that has not been seen yet is known from now on.</param>
    /// <param name="set">Names and values.</param>
    /// <param name="removed">Names.</param>
    public Node Label(string reference, IReadOnlyDictionary<string, string> set, IReadOnlyList<string> removed)
    {
        foreach ((string name, string value) in set)
        {
            if (!NodeLabel.TryParse($"{name}={value}", allowStar: false, out _, out _))
            {
                throw new UserError(
                    "This is no label.",
                    "Write NAME=VALUE: up to 63 letters, digits and - _ . / each, such as rack=3.",
                    UserErrorKind.Input
                );
            }
        }
        return Changed(
            "has other labels",
            rows =>
            {
                Node node = RequireOrAdd(rows, reference);
                if (
                    node.Labels.Keys.Concat(set.Keys).Except(removed, StringComparer.Ordinal).Distinct(StringComparer.Ordinal).Count()
                    > NodeLabel.Most
                )
                {
                    throw new UserError($"A node has at most {NodeLabel.Most} labels.", "Take some away first.", UserErrorKind.Input);
                }
                foreach (string name in removed)
                {
                    rows.Execute("DELETE FROM node_labels WHERE node = @node AND name = @name", ("@node", node.Id), ("@name", name));
                }
                foreach ((string name, string value) in set)
                {
                    rows.Execute(
                        "INSERT INTO node_labels (node, name, value) VALUES (@node, @name, @value) ON CONFLICT (node, name) DO UPDATE SET value = excluded.value",
                        ("@node", node.Id),
                        ("@name", name),
                        ("@value", value)
                    );
                }
                return node.Id;
            }
        );
    }

    /// <summary>What the node's next boot gets, once.</summary>
    /// <param name="reference">See <see cref="Show"/>.</param>
    /// <param name="image">The image.</param>
    public Node BootNext(string reference, ServedImage image)
    {
        Node changed = Changed(
            $"boots {image.Name} ({ImageChoice.Short(image.Digest)}) next, once",
            rows =>
            {
                Node node = Require(rows, reference);
                rows.Execute(
                    "UPDATE nodes SET next_image = @image, next_digest = @digest WHERE id = @id",
                    ("@image", image.Name),
                    ("@digest", image.Digest),
                    ("@id", node.Id)
                );
                return node.Id;
            }
        );
        KeepImages();
        return changed;
    }

    /// <summary>What the node has of its own, from its next boot on.</summary>
    /// <param name="reference">See <see cref="Show"/>; a hardware address that has not been seen yet is known from now on.</param>
    /// <param name="change">The configuration out of the former one.</param>
    public Node Configure(string reference, Func<NodeConfiguration, NodeConfiguration> change) =>
        Changed(
            "is configured",
            rows =>
            {
                Node node = RequireOrAdd(rows, reference);
                NodeConfiguration configuration = change(node.Configuration);
                configuration.Check();
                rows.Execute(
                    "UPDATE nodes SET configuration = @configuration WHERE id = @id",
                    ("@configuration", NodeRows.Text(configuration)),
                    ("@id", node.Id)
                );
                return node.Id;
            }
        );

    /// <summary>What the nodes of each pattern have, the pattern that names them least closely first.</summary>
    public IReadOnlyList<NodeGroup> Groups() => state.Read(NodeRows.Groups);

    /// <summary>What the nodes of a pattern have, from their next boot on.</summary>
    /// <param name="target">The pattern; not one node.</param>
    /// <param name="change">The configuration out of the former one.</param>
    public NodeGroup ConfigureGroup(string target, Func<NodeConfiguration, NodeConfiguration> change)
    {
        NodePattern pattern =
            NodePattern.Parse(target) ?? throw NodeConfiguration.Bad("these are no labels", "Write NAME=VALUE, several with commas, or *.");
        NodeGroup changed = state.Change(rows =>
        {
            NodeConfiguration former = NodeRows.Groups(rows).FirstOrDefault(one => one.Pattern == pattern)?.Configuration ?? new();
            NodeGroup group = new(pattern, change(former));
            group.Check();
            NodeRows.Set(rows, group);
            return group;
        });
        Say(pattern.ToString(), "is configured");
        Feed.Tell(new NodeChange("node", "", ""));
        return changed;
    }

    /// <summary>Forgets a node, its boots, and what is assigned to it alone.</summary>
    /// <param name="reference">See <see cref="Show"/>.</param>
    /// <returns>Its id.</returns>
    public string Forget(string reference)
    {
        string id = state.Change(rows =>
        {
            Node node = Require(rows, reference);
            NodeRows.Prune(rows, node.Id, kept: 0);
            foreach (string table in (string[])["node_keys", "node_labels"])
            {
                rows.Execute($"DELETE FROM {table} WHERE node = @id", ("@id", node.Id));
            }
            rows.Execute("DELETE FROM assignments WHERE pattern = @id", ("@id", node.Id));
            rows.Execute("DELETE FROM nodes WHERE id = @id", ("@id", node.Id));
            return node.Id;
        });
        KeepImages();
        Say(id, "is forgotten");
        Feed.Tell(new NodeChange("node", id, ""));
        return id;
    }

    /// <summary>From now on the nodes of a pattern get this version of an image; those that boot finish with what they began.</summary>
    /// <param name="target">A pattern, or a node (see <see cref="Show"/>).</param>
    /// <param name="image">The image.</param>
    public Assignment Assign(string target, ServedImage image)
    {
        Assignment assigned = state.Change(rows =>
        {
            NodePattern pattern = RequirePattern(rows, target);
            long number = rows.Query("SELECT COALESCE(MAX(number), 0) FROM assignments", row => row.GetInt64(0))[0] + 1;
            rows.Execute(
                "INSERT INTO assignments (number, pattern, image, digest, since, withdrawn) VALUES (@number, @pattern, @image, @digest, @since, 0)",
                ("@number", number),
                ("@pattern", pattern.ToString()),
                ("@image", image.Name),
                ("@digest", image.Digest),
                ("@since", NodeRows.Milliseconds(Now))
            );
            return NodeRows.Assignments(rows, pattern)[0];
        });
        KeepImages();
        Say(assigned.Pattern.ToString(), $"is assigned {image.Name} ({ImageChoice.Short(image.Digest)})");
        Feed.Tell(new NodeChange("assignment", "", ""));
        return assigned;
    }

    /// <summary>Takes back what was last assigned to a pattern: what was assigned before holds again.</summary>
    /// <param name="target">A pattern, or a node (see <see cref="Show"/>).</param>
    /// <returns>What was taken back, and what holds now; null for nothing.</returns>
    /// <exception cref="UserError">Nothing is assigned to it.</exception>
    public (Assignment Withdrawn, Assignment? Now) Rollback(string target)
    {
        (Assignment withdrawn, Assignment? now) = state.Change<(Assignment, Assignment?)>(rows =>
        {
            NodePattern pattern = RequirePattern(rows, target);
            IReadOnlyList<Assignment> held = NodeRows.Assignments(rows, pattern);
            if (held.Count == 0)
            {
                throw new UserError(
                    $"Nothing is assigned to {pattern}.",
                    "'rootcast node list --assignments' shows what is assigned.",
                    UserErrorKind.Input
                );
            }
            rows.Execute(
                "UPDATE assignments SET withdrawn = @now WHERE number = @number",
                ("@now", NodeRows.Milliseconds(Now)),
                ("@number", held[0].Number)
            );
            if (held.Count > 1)
            {
                rows.Execute(
                    "UPDATE assignments SET since = @now WHERE number = @number",
                    ("@now", NodeRows.Milliseconds(Now)),
                    ("@number", held[1].Number)
                );
            }
            return (held[0], held.Count > 1 ? held[1] : null);
        });
        KeepImages();
        Say(
            withdrawn.Pattern.ToString(),
            $"is rolled back from {withdrawn.Image.Name} ({ImageChoice.Short(withdrawn.Image.Digest)}) to "
                + (now is null ? "what is assigned to more nodes" : $"{now.Image.Name} ({ImageChoice.Short(now.Image.Digest)})")
        );
        Feed.Tell(new NodeChange("assignment", "", ""));
        return (withdrawn, now);
    }

    /// <summary>Tells which images a node may be given again: what is assigned and what a rollback uncovers, each node's next and last good image, and what
    /// boots now.</summary>
    private void KeepImages()
    {
        (string id, HashSet<string> digests) = state.Read(rows =>
        {
            HashSet<string> used = new(StringComparer.Ordinal);
            foreach (
                string query in (string[])
                    [
                        "SELECT digest FROM assignments WHERE withdrawn = 0",
                        "SELECT next_digest FROM nodes",
                        "SELECT digest FROM boots WHERE outcome = 'open'",
                        """
                            SELECT digest FROM boots b WHERE outcome = 'ready'
                            AND started = (SELECT MAX(started) FROM boots c WHERE c.node = b.node AND c.outcome = 'ready')
                            """,
                    ]
            )
            {
                used.UnionWith(rows.Query(query, row => row.GetString(0)));
            }
            return (StateSchema.Id(rows), used);
        });
        keep(id, digests);
    }

    private Node Changed(string what, Func<StateTransaction, string> change)
    {
        Node node = state.Change(rows => NodeRows.Node(rows, change(rows))!);
        Say(node.Id, what);
        Feed.Tell(new NodeChange("node", node.Id, ""));
        return node;
    }

    private static NodePattern RequirePattern(StateTransaction rows, string target) =>
        NodePattern.Parse(target) ?? NodePattern.One(Require(rows, target).Id);

    private Node RequireOrAdd(StateTransaction rows, string reference)
    {
        NodeIdentity identity = NodeIdentity.Of(reference, null, null);
        return identity.IsEmpty ? Require(rows, reference) : Know(rows, identity, "", Now, isApproved: false, out _);
    }

    private static Node Require(StateTransaction rows, string reference)
    {
        string? id =
            NodeRows.Node(rows, reference)?.Id
            ?? NodeIdentity
                .Of(reference, reference, reference)
                .Keys.Select(key => NodeRows.Owner(rows, key.Kind, key.Value))
                .FirstOrDefault(owner => owner is not null);
        if (id is not null)
        {
            return NodeRows.Node(rows, id)!;
        }
        List<Node> named = [.. NodeRows.Nodes(rows).Where(node => node.Configuration.Hostname == reference)];
        string shown = string.Concat(reference.Take(80).Select(c => char.IsControl(c) ? '.' : c));
        return named.Count == 1
            ? named[0]
            : throw new UserError(
                named.Count > 1 ? $"{named.Count} nodes have the host name '{shown}'." : $"There is no node '{shown}'.",
                "Name a node by its id, hardware address, UUID, serial number or host name; 'rootcast node list' shows them.",
                UserErrorKind.Input
            );
    }
}
