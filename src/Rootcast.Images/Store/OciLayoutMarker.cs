using System.Text.Json.Serialization;

namespace Rootcast.Images.Store;

/// <summary>The file <c>oci-layout</c> (image-layout.md).</summary>
internal sealed class OciLayoutMarker
{
    [JsonPropertyName("imageLayoutVersion")]
    public required string Version { get; init; }
}
