namespace Rootcast.Images.Store;

/// <summary>What becomes of a file that is put into the store.</summary>
public enum SourceFile
{
    /// <summary>It stays; the store has a copy (a reflink where the file system can).</summary>
    Kept,

    /// <summary>It is renamed into the store, or copied and deleted when it is on another file system.</summary>
    Moved,
}
