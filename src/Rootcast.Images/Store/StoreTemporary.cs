namespace Rootcast.Images.Store;

/// <summary>A name in the store for a file under construction: on the same file system as the blobs, so that it becomes one by a rename. Deleted when
/// disposed and not moved; what a killed process leaves is collected.</summary>
public sealed class StoreTemporary : IDisposable
{
    internal StoreTemporary(string path) => Path = path;

    /// <summary>Where to write; nothing is there yet.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public void Dispose() => File.Delete(Path);
}
