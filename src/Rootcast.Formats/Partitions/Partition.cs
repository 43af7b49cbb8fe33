namespace Rootcast.Formats.Partitions;

/// <summary>A partition of a disk.</summary>
/// <param name="Number">As the kernel numbers it: the entry's place in the table, from 1; logical partitions from 5.</param>
/// <param name="Type">Of an MBR the type as two hexadecimal digits, of a GPT the type's UUID.</param>
/// <param name="Name">Its name in a GPT; null without one.</param>
/// <param name="Offset">Where it starts, in bytes.</param>
/// <param name="Length">In bytes.</param>
public sealed record Partition(int Number, string Type, string? Name, long Offset, long Length);
