using System.Text.Json;

namespace Rootcast.Images.Store;

/// <summary>Reads OCI documents that anybody may have written: what they must have is there afterwards.</summary>
internal static class OciDocuments
{
    /// <exception cref="InvalidDataException">It is not JSON, or not a manifest.</exception>
    public static OciManifest ReadManifest(ReadOnlySpan<byte> content)
    {
        try
        {
            OciManifest? manifest = JsonSerializer.Deserialize(content, OciJson.Default.OciManifest);
            return manifest is not null && manifest.Layers.All(layer => layer is not null)
                ? manifest
                : throw new InvalidDataException("it is not an image manifest");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    /// <exception cref="InvalidDataException">It is not JSON, or not an index.</exception>
    public static OciIndex ReadIndex(ReadOnlySpan<byte> content)
    {
        try
        {
            OciIndex? index = JsonSerializer.Deserialize(content, OciJson.Default.OciIndex);
            return index is not null && index.Manifests.All(entry => entry is not null)
                ? index
                : throw new InvalidDataException("it is not an image index");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }
}
