namespace Rootcast.Cli.Data;

/// <summary>An entry whose data is not shared.</summary>
internal sealed record MissedData(string Path, long Bytes, string Reason);
