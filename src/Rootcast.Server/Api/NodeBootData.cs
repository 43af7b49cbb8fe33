using Rootcast.Server.Nodes;

namespace Rootcast.Server.Api;

/// <summary>A boot of a node.</summary>
public sealed record NodeBootData
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The node's id.</summary>
    public required string Node { get; init; }

    /// <summary>The image's name when the boot began.</summary>
    public required string Image { get; init; }

    /// <summary>The image: <c>sha256:HEX</c>.</summary>
    public required string Digest { get; init; }

    /// <summary>Why this image.</summary>
    public required string Reason { get; init; }

    /// <summary>The address that asked.</summary>
    public required string Address { get; init; }

    /// <summary>When the node asked.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>Until when it should be ready.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>How far it came; of a boot that went silent, where it died.</summary>
    public required string Stage { get; init; }

    /// <summary><c>open</c>, <c>ready</c>, <c>failed</c>, <c>silent</c> or <c>superseded</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? Ended { get; init; }

    internal static NodeBootData Of(NodeBoot boot) =>
        new()
        {
            Id = boot.Id,
            Node = boot.Node,
            Image = boot.Image,
            Digest = boot.Digest,
            Reason = boot.Reason,
            Address = boot.Address,
            Started = boot.Started,
            Deadline = boot.Deadline,
            Stage = boot.Stage,
            Outcome = NodeRows.Name(boot.Outcome),
            Ended = boot.Ended,
        };
}
