namespace Rootcast.Images.Initramfs;

/// <summary>The parts of an assembled initrd in bytes, each with the padding before it.</summary>
/// <param name="Base">The base segment.</param>
/// <param name="Plan">The plan segment, or 0.</param>
/// <param name="Payload">The payload segment, or 0.</param>
public sealed record InitrdBytes(long Base, long Plan, long Payload);
