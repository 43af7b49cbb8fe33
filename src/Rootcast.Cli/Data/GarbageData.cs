namespace Rootcast.Cli.Data;

/// <summary>What <c>gc --json</c> prints.</summary>
internal sealed record GarbageData(int Blobs, long Bytes, int Temporaries);
