using Rootcast.Linux.Block;

namespace Rootcast.Init.Devices;

/// <summary>A block device that was looked for.</summary>
/// <param name="Path"><c>/dev/vda1</c>.</param>
/// <param name="Signature">What is on it, as far as its first bytes tell.</param>
public sealed record FoundDevice(string Path, FileSystemSignature? Signature);
