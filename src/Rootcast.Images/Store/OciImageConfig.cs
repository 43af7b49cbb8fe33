using System.Text.Json.Serialization;

namespace Rootcast.Images.Store;

/// <summary>The image configuration (config.md): what tools for container images need to show one of ours.</summary>
internal sealed class OciImageConfig
{
    [JsonPropertyName("created")]
    public required string Created { get; init; }

    [JsonPropertyName("architecture")]
    public required string Architecture { get; init; }

    [JsonPropertyName("os")]
    public string Os { get; init; } = "linux";

    [JsonPropertyName("config")]
    public required ExecutionSettings Settings { get; init; }

    [JsonPropertyName("rootfs")]
    public required LayerDigests RootFs { get; init; }

    internal sealed class ExecutionSettings
    {
        [JsonPropertyName("Labels")]
        public required SortedDictionary<string, string> Labels { get; init; }
    }

    internal sealed class LayerDigests
    {
        [JsonPropertyName("type")]
        public string Type { get; init; } = "layers";

        [JsonPropertyName("diff_ids")]
        public required IReadOnlyList<string> DiffIds { get; init; }
    }
}
