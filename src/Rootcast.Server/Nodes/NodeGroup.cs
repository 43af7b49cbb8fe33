namespace Rootcast.Server.Nodes;

/// <summary>What all nodes of a pattern have, beside what each has of its own.</summary>
/// <param name="Pattern">Which nodes: <c>*</c>, or labels such as <c>rack=3</c>.</param>
/// <param name="Configuration">What they have.</param>
public sealed record NodeGroup(NodePattern Pattern, NodeConfiguration Configuration)
{
    /// <summary>Holds what came from outside against what can be carried out.</summary>
    /// <exception cref="Contract.UserError">Something cannot.</exception>
    public void Check()
    {
        Configuration.Check();
        if (Configuration.Hostname is not null)
        {
            throw NodeConfiguration.Bad(
                "hostname: a name is one node's",
                "Configure it for the node: rootcast node configure NODE --hostname NAME."
            );
        }
    }

    /// <summary>What a node has in all: of its groups, where one names it more closely than another that one's, and before them its own.</summary>
    /// <param name="node">The node.</param>
    /// <param name="groups">All groups, the one that names nodes least closely first.</param>
    public static NodeConfiguration Of(Node node, IReadOnlyList<NodeGroup> groups)
    {
        NodeConfiguration all = new();
        foreach (NodeGroup group in groups)
        {
            all = group.Pattern.Matches(node.Id, node.Labels) ? group.Configuration.Over(all) : all;
        }
        return node.Configuration.Over(all);
    }
}
