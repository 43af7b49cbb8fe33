namespace Rootcast.Images.Store;

/// <summary>What a collection deleted.</summary>
/// <param name="Blobs">How many blobs.</param>
/// <param name="Bytes">Bytes of all that was deleted, temporaries with it.</param>
/// <param name="Temporaries">How many files that a killed build had left.</param>
public sealed record CollectedGarbage(int Blobs, long Bytes, int Temporaries);
