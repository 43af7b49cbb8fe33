using Rootcast.Server.Nodes;

namespace Rootcast.Server.Api;

/// <summary>Which image the nodes of a pattern get.</summary>
/// <param name="Pattern"><c>*</c>, labels such as <c>rack=3</c>, or a node's id.</param>
/// <param name="Image">The image's name when it was assigned.</param>
/// <param name="Digest"><c>sha256:HEX</c>: what nodes get, whatever has that name now.</param>
/// <param name="Since">Since when it holds.</param>
public sealed record AssignmentData(string Pattern, string Image, string Digest, DateTimeOffset Since)
{
    internal static AssignmentData Of(Assignment one) => new(one.Pattern.ToString(), one.Image.Name, one.Image.Digest, one.Since);
}
