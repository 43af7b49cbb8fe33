using Rootcast.Linux.Files;

namespace Rootcast.Images.Store;

/// <summary>While one is held, nothing is deleted from the store. Builds hold one from their first blob to the published index; it ends with the
/// process at the latest.</summary>
public sealed class StoreLease : IDisposable
{
    private readonly FileLock _lock;

    internal StoreLease(FileLock held) => _lock = held;

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();
}
