using System.Text.Json.Serialization;

namespace Rootcast.Server.Nodes;

/// <summary>One boot of a node: what it was given when it asked, and how far it came. Everybody may read it, but <see cref="ReportKey"/>.</summary>
public sealed record NodeBoot
{
    /// <summary>Hexadecimal digits by which it is named.</summary>
    public required string Id { get; init; }

    /// <summary>32 hexadecimal digits that nobody can guess and only the node is told: who knows them may report of this boot.</summary>
    [JsonIgnore]
    public string ReportKey { get; init; } = "";

    /// <summary>The node's id.</summary>
    public required string Node { get; init; }

    /// <summary>The image's name when the boot began.</summary>
    public required string Image { get; init; }

    /// <summary>The image: <c>sha256:HEX</c>. This boot gets it whatever is published or assigned meanwhile.</summary>
    public required string Digest { get; init; }

    /// <summary>Why this image, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>The address that asked.</summary>
    public required string Address { get; init; }

    /// <summary>When the node asked.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>Until when it should be ready.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>How far it came: a name of <see cref="BootStages"/> or of <see cref="Contract.Marks"/>.</summary>
    public required string Stage { get; init; }

    /// <summary>How it ended.</summary>
    [JsonConverter(typeof(BootOutcomeJson))]
    public BootOutcome Outcome { get; init; }

    /// <summary>When it ended; null while it has not.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>How it ended, as it is written.</summary>
    [JsonIgnore]
    public string OutcomeName => BootOutcomeJson.NameOf(Outcome);

    /// <summary>Whether the machine took the kernel: before that its image has no part in what goes wrong.</summary>
    [JsonIgnore]
    public bool HasBegun => Stage is not (BootStages.Offer or BootStages.Script);

    /// <summary>Whether it counts against its image.</summary>
    [JsonIgnore]
    public bool CountsAgainstImage =>
        Outcome == BootOutcome.Failed || (HasBegun && Outcome is BootOutcome.Silent or BootOutcome.Superseded);
}
