namespace Rootcast.Images.Store;

/// <summary>The moments between which a kill leaves the store in another state; tests stop there.</summary>
internal enum StoreStep
{
    TemporaryOpened,
    TemporaryWritten,
    BlobNamed,
    IndexLocked,
    IndexWritten,
    IndexNamed,
}
