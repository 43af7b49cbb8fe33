namespace Rootcast.Cli.Data;

/// <summary>A partition; offset and length in bytes.</summary>
internal sealed record PartitionData(int Number, string Name, long Offset, long Length, Guid PartUuid);
