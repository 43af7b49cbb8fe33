namespace Rootcast.Contract;

/// <summary>A blob of the store.</summary>
/// <param name="Digest">SHA-256 as <c>sha256:</c> and 64 lower-case hexadecimal digits.</param>
/// <param name="Bytes">Its length.</param>
public sealed record ImageBlob(string Digest, long Bytes);
