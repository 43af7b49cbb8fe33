using Rootcast.Contract;

namespace Rootcast.Cli.Data;

/// <summary>A blob of the store.</summary>
internal sealed record BlobData(string Digest, long Bytes)
{
    public static BlobData Of(ImageBlob blob) => new(blob.Digest, blob.Bytes);
}
