using System.Text.Json;
using Rootcast.Contract;
using Rootcast.Linux;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Store;

/// <summary>
/// Where images are kept: an OCI image layout on disk, which every OCI tool reads. Blobs come first and under their final digest only when they are
/// whole and synced; then <c>index.json</c> is replaced by a rename. So a process that is killed at any moment leaves the store valid and the
/// former image in place. What is ours beside the layout (locks, temporaries, records) is below <c>.rootcast/</c>.
/// </summary>
public sealed partial class ImageStore
{
    private const string OwnDirectory = ".rootcast";

    private readonly string _blobs;
    private readonly string _temporaries;
    private readonly string _records;
    private readonly string _indexLock;
    private readonly string _buildLock;

    private ImageStore(string directory)
    {
        Directory = directory;
        _blobs = Path.Combine(directory, OciNames.BlobDirectory);
        string own = Path.Combine(directory, OwnDirectory);
        _temporaries = Path.Combine(own, "temporary");
        _records = Path.Combine(own, "records");
        _indexLock = Path.Combine(own, "index.lock");
        _buildLock = Path.Combine(own, "build.lock");
    }

    /// <summary>The layout's directory, an absolute path.</summary>
    public string Directory { get; }

    /// <summary>Called at each <see cref="StoreStep"/>.</summary>
    internal Action<StoreStep>? Faults { get; set; }

    /// <summary>Opens the store and makes it where it is not there yet.</summary>
    /// <param name="directory">The layout's directory; null for <see cref="StoreLocation.Default"/>.</param>
    /// <exception cref="UserError">It cannot be made or written, or is something else.</exception>
    public static ImageStore Open(string? directory = null)
    {
        ImageStore store = new(Path.GetFullPath(directory ?? StoreLocation.Default()));
        store.Guarded(store.Prepare);
        return store;
    }

    /// <summary>Holds off <see cref="CollectGarbage"/> until it is disposed; waits for one that runs.</summary>
    public StoreLease Lease() => Guarded(() => new StoreLease(FileLock.TakeShared(_buildLock)));

    /// <summary>A name for a file that is to become a blob by <see cref="PutFile"/> with <see cref="SourceFile.Moved"/>.</summary>
    public StoreTemporary NewTemporary() => new(Path.Combine(_temporaries, Guid.NewGuid().ToString("N")));

    /// <summary>Runs work on the store; the errors that its user can mend get words and a hint.</summary>
    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LinuxException)
        {
            throw Explain(e);
        }
    }

    /// <summary>The error of the system, in words for the user, for work on files in the store.</summary>
    internal UserError Explain(Exception e) =>
        e
            is IOException { HResult: Errno.NoSpace or Errno.QuotaExceeded }
                or LinuxException { Number: Errno.NoSpace or Errno.QuotaExceeded }
            ? new UserError(
                $"The store {Directory} is full: {e.Message}",
                "Free space there, or let 'rootcast gc' delete what no image uses, or set ROOTCAST_STORE to a directory on a larger file system. Nothing was published; images that were there still boot.",
                cause: e
            )
            : new UserError(
                $"The store {Directory} cannot be used: {e.Message}",
                "Check that the directory and its owner are right, or set ROOTCAST_STORE to one that you can write to.",
                cause: e
            );

    private void Guarded(Action work) =>
        Guarded(() =>
        {
            work();
            return true;
        });

    private void Prepare()
    {
        string marker = Path.Combine(Directory, OciNames.LayoutFile);
        // In this order: another process may make the store at this moment, and its marker comes before everything that looks foreign.
        bool foreign = System.IO.Directory.Exists(Directory) && System.IO.Directory.EnumerateFileSystemEntries(Directory).Any(IsForeign);
        if (File.Exists(marker))
        {
            CheckMarker(marker);
        }
        else if (foreign)
        {
            throw new UserError(
                $"{Directory} is not a store: it has files and no {OciNames.LayoutFile}.",
                "Name an empty or new directory in ROOTCAST_STORE.",
                UserErrorKind.Input
            );
        }
        System.IO.Directory.CreateDirectory(_blobs);
        System.IO.Directory.CreateDirectory(_temporaries);
        System.IO.Directory.CreateDirectory(_records);
        if (!File.Exists(marker))
        {
            OciLayoutMarker content = new() { Version = OciNames.LayoutVersion };
            Replace(marker, JsonSerializer.SerializeToUtf8Bytes(content, OciJson.Default.OciLayoutMarker));
        }
    }

    // A kill during the first Prepare leaves our own directories without the marker.
    private static bool IsForeign(string path) => Path.GetFileName(path) is not (OwnDirectory or "blobs" or OciNames.LayoutFile);

    private static void CheckMarker(string marker)
    {
        OciLayoutMarker? content = null;
        try
        {
            content = JsonSerializer.Deserialize(ReadBounded(marker, 4096), OciJson.Default.OciLayoutMarker);
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            // Said below: what counts is that it does not say 1.x.
        }
        if (content?.Version.StartsWith("1.", StringComparison.Ordinal) != true)
        {
            throw new UserError(
                $"{marker} does not name version 1 of the OCI image layout.",
                "Name another directory in ROOTCAST_STORE, or repair that file: {\"imageLayoutVersion\":\"1.0.0\"}",
                UserErrorKind.Input
            );
        }
    }

    /// <summary>Writes beside, syncs, renames: readers see the old file or the new one, whole.</summary>
    private void Replace(string path, ReadOnlySpan<byte> content)
    {
        using StoreTemporary temporary = NewTemporary();
        using (FileStream file = new(temporary.Path, FileMode.CreateNew, FileAccess.Write))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        Faults?.Invoke(StoreStep.IndexWritten);
        File.Move(temporary.Path, path, overwrite: true);
        DirectorySync.Flush(Path.GetDirectoryName(path)!);
    }

    /// <exception cref="InvalidDataException">It is longer than that.</exception>
    private static byte[] ReadBounded(string path, int longest)
    {
        using FileStream file = File.OpenRead(path);
        if (file.Length > longest)
        {
            throw new InvalidDataException($"{path} has {file.Length} bytes, more than the {longest} that such a file may have");
        }
        byte[] content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }
}
