namespace Rootcast.Formats.Tree;

/// <summary>An extended attribute.</summary>
/// <param name="Name">With its name space: <c>user.comment</c>, <c>security.capability</c>.</param>
/// <param name="Value">Any bytes.</param>
public readonly record struct ExtendedAttribute(string Name, ReadOnlyMemory<byte> Value);
