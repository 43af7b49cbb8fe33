namespace Rootcast.Server.Nodes;

/// <summary>Something that happened in a boot.</summary>
/// <param name="Number">Counts up within the boot.</param>
/// <param name="At">When the server learned of it.</param>
/// <param name="Kind">What kind, see <see cref="MomentKinds"/>.</param>
/// <param name="Name">Name of the stage or mark; the line of a screen or log.</param>
/// <param name="Clock">Time since the kernel's start, where the machine told it.</param>
/// <param name="Bytes">How many bytes were fetched, where something was.</param>
public sealed record BootMoment(long Number, DateTimeOffset At, string Kind, string Name, TimeSpan? Clock, long? Bytes);
