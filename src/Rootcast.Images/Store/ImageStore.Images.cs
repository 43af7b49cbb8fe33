using System.Text.Json;
using Rootcast.Contract;

namespace Rootcast.Images.Store;

public sealed partial class ImageStore
{
    private const int ShortestDigestPrefix = 4;

    /// <summary>Makes an image whose blobs are in the store known under its name. An image of that name before it loses the name, in the same instant;
    /// one with the same contents stays as it is, creation time included.</summary>
    /// <exception cref="UserError">A blob is missing, the disk is full, or the index cannot be read.</exception>
    public StoredImage Publish(ImageManifest image)
    {
        if (!ImageTag.IsValid(image.Name))
        {
            throw new UserError(
                $"'{image.Name}' cannot name an image.",
                "Use lower-case letters and digits, with single . _ - : / between them, at most 128 characters.",
                UserErrorKind.Input
            );
        }
        using StoreLease lease = Lease();
        foreach (ImageBlob blob in OciMapping.Blobs(image))
        {
            PathOf(blob);
        }
        if (Current(image) is { } same)
        {
            return same;
        }
        byte[] config = JsonSerializer.SerializeToUtf8Bytes(OciMapping.ToConfig(image), OciJson.Default.OciImageConfig);
        ImageBlob configBlob = Put(config);
        OciManifest manifest = OciMapping.ToManifest(image, Descriptor(configBlob, OciNames.ImageConfig));
        ImageBlob manifestBlob = Put(JsonSerializer.SerializeToUtf8Bytes(manifest, OciJson.Default.OciManifest));
        Guarded(SyncBlobNames);
        OciDescriptor entry = new()
        {
            MediaType = OciNames.ImageManifest,
            Digest = manifestBlob.Digest,
            Size = manifestBlob.Bytes,
            ArtifactType = OciNames.Artifact,
            Annotations = new(StringComparer.Ordinal) { [OciNames.RefName] = image.Name },
        };
        ChangeIndex(manifests => [.. manifests.Where(other => other.Annotation(OciNames.RefName) != image.Name), entry]);
        return new StoredImage(manifestBlob.Digest, image);
    }

    /// <summary>Every image of ours, by name; one that cannot be read is there with its problem.</summary>
    public IReadOnlyList<StoreEntry> List()
    {
        List<StoreEntry> entries = [];
        foreach (OciDescriptor entry in ReadIndex().Manifests)
        {
            if (entry.ArtifactType == OciNames.Artifact && entry.Annotation(OciNames.RefName) is { } tag)
            {
                try
                {
                    entries.Add(new StoreEntry(tag, entry.Digest, ReadImage(tag, entry).Manifest, null));
                }
                catch (UserError e)
                {
                    entries.Add(new StoreEntry(tag, entry.Digest, null, e.Message));
                }
            }
        }
        entries.Sort((one, other) => string.CompareOrdinal(one.Tag, other.Tag));
        return entries;
    }

    /// <summary>Finds an image by its name, or by the beginning of its digest (at least four hexadecimal digits) when only one begins so.</summary>
    /// <exception cref="UserError">There is none, or more than one, or it cannot be read.</exception>
    public StoredImage Get(string reference)
    {
        OciDescriptor entry = Find(reference);
        return ReadImage(entry.Annotation(OciNames.RefName) ?? reference, entry);
    }

    /// <summary>Takes a name away; <see cref="CollectGarbage"/> then frees the blobs. Works for images that cannot be read, too.</summary>
    /// <returns>The name that was taken away.</returns>
    public string Remove(string reference)
    {
        OciDescriptor entry = Find(reference);
        string tag = entry.Annotation(OciNames.RefName)!;
        ChangeIndex(manifests => [.. manifests.Where(other => other.Annotation(OciNames.RefName) != tag)]);
        return tag;
    }

    private static OciDescriptor Descriptor(ImageBlob blob, string mediaType) =>
        new()
        {
            MediaType = mediaType,
            Digest = blob.Digest,
            Size = blob.Bytes,
        };

    /// <summary>The image of that name, when it differs in nothing but its creation time.</summary>
    private StoredImage? Current(ImageManifest image)
    {
        if (ReadIndex().Manifests.FirstOrDefault(entry => entry.Annotation(OciNames.RefName) == image.Name) is not { } entry)
        {
            return null;
        }
        try
        {
            StoredImage current = ReadImage(image.Name, entry);
            return Text(current.Manifest) == Text(image with { Created = current.Manifest.Created }) ? current : null;
        }
        catch (UserError)
        {
            // What cannot be read is replaced.
            return null;
        }

        static string Text(ImageManifest image) =>
            JsonSerializer.Serialize(
                OciMapping.ToManifest(image, Descriptor(image.Initramfs, OciNames.ImageConfig)),
                OciJson.Default.OciManifest
            );
    }

    private OciDescriptor Find(string reference)
    {
        List<OciDescriptor> ours = [.. ReadIndex().Manifests.Where(entry => entry.ArtifactType == OciNames.Artifact)];
        if (ours.Find(entry => entry.Annotation(OciNames.RefName) == reference) is { } named)
        {
            return named;
        }
        string hexadecimal = reference.StartsWith("sha256:", StringComparison.Ordinal) ? reference["sha256:".Length..] : reference;
        bool isPrefix = hexadecimal.Length >= ShortestDigestPrefix && hexadecimal.All(char.IsAsciiHexDigitLower);
        List<OciDescriptor> found = isPrefix
            ? [.. ours.Where(entry => entry.Digest.StartsWith("sha256:" + hexadecimal, StringComparison.Ordinal))]
            : [];
        // Two names of one image are no ambiguity.
        if (found.Count > 0 && found.All(entry => entry.Digest == found[0].Digest))
        {
            return found[0];
        }
        string names = string.Join(", ", ours.Select(entry => entry.Annotation(OciNames.RefName)).Order(StringComparer.Ordinal));
        throw new UserError(
            found.Count > 0
                ? $"'{reference}' begins the digests of {found.Count} images in {Directory}."
                : $"There is no image '{reference}' in {Directory}.",
            names.Length == 0 ? "The store is empty: 'rootcast build RECIPE' makes an image." : $"The store has: {names}",
            UserErrorKind.Input
        );
    }

    private StoredImage ReadImage(string tag, OciDescriptor entry)
    {
        try
        {
            OciManifest manifest = OciDocuments.ReadManifest(ReadVerified(entry));
            // The configuration says nothing that the manifest does not; a damaged one is still a damaged image.
            ReadVerified(manifest.Config);
            return new StoredImage(entry.Digest, OciMapping.FromManifest(tag, manifest));
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new UserError(
                $"The image '{tag}' in {Directory} cannot be read: {e.Message}",
                $"Build it again, or take it away with 'rootcast remove {tag}'.",
                cause: e
            );
        }
    }
}
