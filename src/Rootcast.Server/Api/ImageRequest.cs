namespace Rootcast.Server.Api;

/// <summary>Names an image.</summary>
/// <param name="Image">Its name in the store, or the beginning of its digest.</param>
public sealed record ImageRequest(string Image);
