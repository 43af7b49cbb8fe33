using System.Text.Json.Serialization;

namespace Rootcast.Server.Nodes;

/// <summary>What the state keeps as JSON.</summary>
[JsonSourceGenerationOptions(
    // Writers of their own would be faster, and larger.
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(NodeConfiguration))]
internal sealed partial class NodeJson : JsonSerializerContext;
