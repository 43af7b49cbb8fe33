using System.Security.Cryptography;
using System.Text.Json;
using Rootcast.Contract;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Store;

public sealed partial class ImageStore
{
    private const int LongestIndex = 16 << 20;

    // What registries take at most for a manifest.
    private const int LongestDocument = 4 << 20;

    private string IndexPath => Path.Combine(Directory, OciNames.IndexFile);

    private OciIndex ReadIndex()
    {
        try
        {
            return OciDocuments.ReadIndex(ReadBounded(IndexPath, LongestIndex));
        }
        catch (FileNotFoundException)
        {
            return new OciIndex { Manifests = [] };
        }
        catch (InvalidDataException e)
        {
            throw new UserError(
                $"{IndexPath} is damaged: {e.Message}",
                $"Restore it from a backup, or move it away (mv {IndexPath} {IndexPath}.damaged) and build the images again; their blobs are still there and are used.",
                cause: e
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"{IndexPath} cannot be read: {e.Message}", "Check its owner and mode.", cause: e);
        }
    }

    private void ChangeIndex(Func<IReadOnlyList<OciDescriptor>, IReadOnlyList<OciDescriptor>> change) =>
        Guarded(() =>
        {
            using FileLock held = FileLock.TakeExclusive(_indexLock);
            Faults?.Invoke(StoreStep.IndexLocked);
            OciIndex index = ReadIndex();
            OciIndex changed = new()
            {
                SchemaVersion = index.SchemaVersion,
                MediaType = index.MediaType,
                Manifests = change(index.Manifests),
                Others = index.Others,
            };
            Replace(IndexPath, JsonSerializer.SerializeToUtf8Bytes(changed, OciJson.Default.OciIndex));
            Faults?.Invoke(StoreStep.IndexNamed);
        });

    /// <summary>Reads a document and holds it against its descriptor.</summary>
    /// <exception cref="InvalidDataException">Too long, cut short, or not what the digest says.</exception>
    private byte[] ReadVerified(OciDescriptor descriptor)
    {
        string path = PathOf(descriptor.Digest);
        byte[] content = ReadBounded(path, LongestDocument);
        if (content.Length != descriptor.Size)
        {
            throw new InvalidDataException($"{path} has {content.Length} bytes instead of {descriptor.Size}");
        }
        string digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));
        return digest == descriptor.Digest ? content : throw new InvalidDataException($"{path} has the digest {digest}: it was changed");
    }
}
