using System.Buffers;
using System.Security.Cryptography;
using Rootcast.Contract;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Store;

public sealed partial class ImageStore
{
    private const int CopyBytes = 1 << 20;

    /// <summary>Where a blob is, for reading. Only its length is checked here: its name is its digest, and only whole blobs get a name.</summary>
    /// <exception cref="UserError">It is not there, or was cut short.</exception>
    public string PathOf(ImageBlob blob)
    {
        string path = PathOf(blob.Digest);
        FileInfo file = new(path);
        if (!file.Exists)
        {
            throw new UserError($"The blob {blob.Digest} is missing from the store {Directory}.", "Build the image again.");
        }
        return file.Length == blob.Bytes
            ? path
            : throw new UserError(
                $"The blob {blob.Digest} in {Directory} has {file.Length} bytes instead of {blob.Bytes}: it was damaged.",
                $"Delete {path} and build the image again."
            );
    }

    /// <summary>Whether the blob is there with its length.</summary>
    public bool Has(ImageBlob blob) => new FileInfo(PathOf(blob.Digest)) is { Exists: true } file && file.Length == blob.Bytes;

    /// <summary>Puts bytes into the store.</summary>
    public ImageBlob Put(ReadOnlySpan<byte> content)
    {
        // A span cannot be captured, and what comes here is small.
        byte[] copy = content.ToArray();
        return Put(new MemoryStream(copy, writable: false));
    }

    /// <summary>Puts a stream into the store, hashing while it writes.</summary>
    public ImageBlob Put(Stream source, CancellationToken cancellation = default) =>
        Guarded(() =>
        {
            using StoreTemporary temporary = NewTemporary();
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long length = 0;
            using (FileStream file = new(temporary.Path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0))
            {
                Faults?.Invoke(StoreStep.TemporaryOpened);
                Read(
                    source,
                    part =>
                    {
                        hash.AppendData(part);
                        file.Write(part);
                        length += part.Length;
                    },
                    cancellation
                );
                file.Flush(flushToDisk: true);
            }
            return NameBlob(temporary, hash, length);
        });

    /// <summary>Puts a file into the store.</summary>
    /// <param name="path">The file.</param>
    /// <param name="fate">Whether it may be taken away.</param>
    /// <param name="cancellation">Stops between two parts; nothing is left then.</param>
    public ImageBlob PutFile(string path, SourceFile fate, CancellationToken cancellation = default) =>
        Guarded(() =>
        {
            using StoreTemporary temporary = NewTemporary();
            if (fate == SourceFile.Moved)
            {
                File.Move(path, temporary.Path);
            }
            else
            {
                // .NET tries FICLONE, then copy_file_range(2).
                File.Copy(path, temporary.Path);
            }
            Faults?.Invoke(StoreStep.TemporaryOpened);
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long length = 0;
            using (FileStream file = new(temporary.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0))
            {
                Read(
                    file,
                    part =>
                    {
                        hash.AppendData(part);
                        length += part.Length;
                    },
                    cancellation
                );
                file.Flush(flushToDisk: true);
            }
            return NameBlob(temporary, hash, length);
        });

    private ImageBlob NameBlob(StoreTemporary temporary, IncrementalHash hash, long length)
    {
        Faults?.Invoke(StoreStep.TemporaryWritten);
        ImageBlob blob = new("sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset()), length);
        if (!Has(blob))
        {
            File.Move(temporary.Path, PathOf(blob.Digest), overwrite: true);
        }
        Faults?.Invoke(StoreStep.BlobNamed);
        return blob;
    }

    private static void Read(Stream source, Action<ReadOnlySpan<byte>> take, CancellationToken cancellation)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            while (source.Read(buffer) is > 0 and int length)
            {
                take(buffer.AsSpan(0, length));
                cancellation.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void SyncBlobNames() => DirectorySync.Flush(_blobs);

    private string PathOf(string digest) =>
        ArtefactIdentity.IsDigest(digest)
            ? Path.Combine(_blobs, digest["sha256:".Length..])
            : throw new InvalidDataException($"'{digest}' is not a SHA-256 digest");
}
