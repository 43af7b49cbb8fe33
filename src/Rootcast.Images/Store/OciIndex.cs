using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rootcast.Images.Store;

/// <summary><c>index.json</c> of an image layout, or an image index blob (image-index.md).</summary>
internal sealed class OciIndex
{
    [JsonPropertyName("schemaVersion")]
    public int SchemaVersion { get; init; } = 2;

    [JsonPropertyName("mediaType")]
    public string? MediaType { get; init; } = OciNames.ImageIndex;

    [JsonPropertyName("manifests")]
    public required IReadOnlyList<OciDescriptor> Manifests { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}
