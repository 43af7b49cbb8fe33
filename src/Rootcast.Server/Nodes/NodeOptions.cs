namespace Rootcast.Server.Nodes;

/// <summary>How a boot server treats its nodes.</summary>
public sealed record NodeOptions
{
    /// <summary>Whether a node that nobody has approved waits.</summary>
    public bool MustBeApproved { get; init; }

    /// <summary>How long after it asked a node should be ready.</summary>
    public TimeSpan ReadyWithin { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many boots a new image has to get a node ready before the node gets its last good one.</summary>
    public int Attempts { get; init; } = 3;
}
