namespace Rootcast.Cli.Data;

/// <summary>A kernel of an image.</summary>
internal sealed record KernelData(string Version, BlobData Blob);
