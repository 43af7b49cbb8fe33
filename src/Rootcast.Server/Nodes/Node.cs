namespace Rootcast.Server.Nodes;

/// <summary>A machine that has asked to boot, or that the operator has named.</summary>
public sealed record Node
{
    /// <summary>What the first that was known of it makes: its hardware address with hyphens, else <c>uuid-…</c> or <c>serial-…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Kind (<c>mac</c>, <c>uuid</c>, <c>serial</c>) and value of all that it is known by.</summary>
    public IReadOnlyList<(string Kind, string Value)> Keys { get; init; } = [];

    /// <summary>Labels by name.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether it may boot where nodes have to be approved.</summary>
    public bool IsApproved { get; init; }

    /// <summary>When it was first seen.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>When it last asked for something to boot.</summary>
    public DateTimeOffset Seen { get; init; }

    /// <summary>From which address; empty before it asked.</summary>
    public string Address { get; init; } = "";

    /// <summary>What its next boot gets, once; null for what is assigned.</summary>
    public ServedImage? Next { get; init; }

    /// <summary>What this machine has of its own.</summary>
    public NodeConfiguration Configuration { get; init; } = new();
}
