using Rootcast.Server.Nodes;

namespace Rootcast.Server.Api;

/// <summary>A boot and what happened in it.</summary>
/// <param name="Boot">The boot.</param>
/// <param name="Moments">In order.</param>
public sealed record BootLogData(NodeBoot Boot, IReadOnlyList<MomentData> Moments);
