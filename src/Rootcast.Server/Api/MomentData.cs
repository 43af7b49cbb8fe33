using Rootcast.Server.Nodes;

namespace Rootcast.Server.Api;

/// <summary>Something that happened in a boot.</summary>
/// <param name="At">When the server learned of it.</param>
/// <param name="Kind"><c>stage</c> (seen by the server), <c>mark</c> (told by the node), <c>fail</c> (a line of its failure screen), <c>log</c> (of <c>/init</c>'s
/// log), <c>kernel</c> (of its kernel's log), <c>note</c> (the server's).</param>
/// <param name="Name">Name of the stage or mark, or the line.</param>
/// <param name="Clock">Seconds since the kernel's start, where the node told it.</param>
/// <param name="Bytes">How many bytes were fetched.</param>
public sealed record MomentData(DateTimeOffset At, string Kind, string Name, double? Clock = null, long? Bytes = null)
{
    internal static MomentData Of(BootMoment moment) => new(moment.At, moment.Kind, moment.Name, moment.Clock?.TotalSeconds, moment.Bytes);
}
