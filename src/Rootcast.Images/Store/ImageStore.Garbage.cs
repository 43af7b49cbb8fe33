using Rootcast.Contract;
using Rootcast.Images.Tools;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Store;

public sealed partial class ImageStore
{
    /// <summary>An index in an index in an index is more than anybody makes.</summary>
    private const int DeepestIndex = 4;

    /// <summary>Deletes the blobs that no image in the index needs (foreign images count, too) and what killed builds have left.</summary>
    /// <exception cref="UserError">A build holds a lease, or an image cannot be read, so that nobody knows what it needs.</exception>
    public CollectedGarbage CollectGarbage() =>
        Guarded(() =>
        {
            using FileLock alone =
                FileLock.TryTakeExclusive(_buildLock)
                ?? throw new UserError(
                    $"A build or a boot uses the store {Directory} at the moment.",
                    "Run 'rootcast gc' again when it has ended."
                );
            using FileLock held = FileLock.TakeExclusive(_indexLock);
            HashSet<string> needed = new(StringComparer.Ordinal);
            foreach (OciDescriptor entry in ReadIndex().Manifests)
            {
                string name = entry.Annotation(OciNames.RefName) ?? entry.Digest;
                try
                {
                    AddNeeded(entry, needed, DeepestIndex);
                }
                catch (Exception e) when (e is InvalidDataException or IOException)
                {
                    throw new UserError(
                        $"Nothing was deleted: which blobs the image '{name}' needs cannot be told: {e.Message}",
                        $"Build it again, or take it away with 'rootcast remove {name}', then collect.",
                        cause: e
                    );
                }
            }
            (int blobs, long bytes) = DeleteAll(_blobs, path => !needed.Contains("sha256:" + Path.GetFileName(path)));
            (int temporaries, long temporaryBytes) = DeleteAll(_temporaries, _ => true);
            temporaries += DeleteDirectories(_temporaries);
            DeleteAll(_records, path => !RecordHolds(path));
            return new CollectedGarbage(blobs, bytes + temporaryBytes, temporaries);
        });

    private static (int Count, long Bytes) DeleteAll(string directory, Func<string, bool> condemned)
    {
        int count = 0;
        long bytes = 0;
        foreach (FileInfo file in new DirectoryInfo(directory).EnumerateFiles())
        {
            if (condemned(file.FullName))
            {
                bytes += file.Length;
                count++;
                file.Delete();
            }
        }
        return (count, bytes);
    }

    /// <summary>Trees that a killed build had unpacked; their names may be no UTF-8, which .NET cannot delete.</summary>
    private static int DeleteDirectories(string directory)
    {
        string[] left = System.IO.Directory.GetDirectories(directory);
        if (left.Length > 0)
        {
            new Tool("rm", ["-rf", "--one-file-system", "--", .. left]).RunAsync().GetAwaiter().GetResult();
        }
        return left.Length;
    }

    private void AddNeeded(OciDescriptor entry, HashSet<string> needed, int depth)
    {
        needed.Add(entry.Digest);
        switch (entry.MediaType)
        {
            case OciNames.ImageManifest or OciNames.DockerManifest or null:
                OciManifest manifest = OciDocuments.ReadManifest(ReadVerified(entry));
                needed.Add(manifest.Config.Digest);
                foreach (OciDescriptor layer in manifest.Layers)
                {
                    needed.Add(layer.Digest);
                }
                break;
            case OciNames.ImageIndex or OciNames.DockerManifestList:
                if (depth == 0)
                {
                    throw new InvalidDataException("indexes are nested too deeply");
                }
                foreach (OciDescriptor below in OciDocuments.ReadIndex(ReadVerified(entry)).Manifests)
                {
                    // A partial copy of an image for many machines is common; what is absent needs nothing.
                    if (File.Exists(PathOf(below.Digest)))
                    {
                        AddNeeded(below, needed, depth - 1);
                    }
                }
                break;
            default:
                throw new InvalidDataException($"its media type {entry.MediaType} is unknown");
        }
    }
}
