using Rootcast.Server.Nodes;

namespace Rootcast.Server.Api;

/// <summary>A node.</summary>
public sealed record NodeData
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its host name, where it is configured.</summary>
    public string? Hostname { get; init; }

    /// <summary>What it is known by.</summary>
    public required IReadOnlyList<KeyData> Keys { get; init; }

    /// <summary>Its labels.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Groups whose configuration it has, the one that names it least closely first.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>Whether it may boot where nodes have to be approved.</summary>
    public required bool Approved { get; init; }

    /// <summary>When it was first seen.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it last asked for something to boot.</summary>
    public required DateTimeOffset Seen { get; init; }

    /// <summary>From which address.</summary>
    public required string Address { get; init; }

    /// <summary>What is assigned to it.</summary>
    public AssignmentData? Assignment { get; init; }

    /// <summary>What its next boot gets, once.</summary>
    public ImageVersionData? Next { get; init; }

    /// <summary>Its last boot.</summary>
    public NodeBoot? LastBoot { get; init; }

    /// <summary>Its boots, the newest first; only where one node is asked for.</summary>
    public IReadOnlyList<NodeBoot>? Boots { get; init; }

    internal static NodeData Of(Node node, NodeBoot? last, IReadOnlyList<Assignment> assignments, IReadOnlyList<NodeGroup> groups) =>
        new()
        {
            Id = node.Id,
            Hostname = node.Configuration.Hostname,
            Keys = [.. node.Keys.Select(key => new KeyData(key.Kind, key.Value))],
            Labels = node.Labels,
            Groups = [.. groups.Where(group => group.Pattern.Matches(node.Id, node.Labels)).Select(group => group.Pattern.ToString())],
            Approved = node.IsApproved,
            Created = node.Created,
            Seen = node.Seen,
            Address = node.Address,
            Assignment = ImageChoice.Assigned(node, assignments) is { } assigned ? AssignmentData.Of(assigned) : null,
            Next = node.Next is { } next ? new ImageVersionData(next.Name, next.Digest) : null,
            LastBoot = last,
        };
}
