using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rootcast.Images.Store;

/// <summary>A blob as the OCI image specification describes it (descriptor.md). What we do not know is kept, so that rewriting an index loses nothing.</summary>
internal sealed class OciDescriptor
{
    [JsonPropertyName("mediaType")]
    public string? MediaType { get; init; }

    [JsonPropertyName("digest")]
    public required string Digest { get; init; }

    [JsonPropertyName("size")]
    public required long Size { get; init; }

    [JsonPropertyName("artifactType")]
    public string? ArtifactType { get; init; }

    [JsonPropertyName("annotations")]
    public SortedDictionary<string, string>? Annotations { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }

    /// <summary>The annotation of that name, or null.</summary>
    public string? Annotation(string name) => Annotations is not null && Annotations.TryGetValue(name, out string? value) ? value : null;
}
