using System.Text.Json.Serialization;

namespace Rootcast.Server.Nodes;

/// <summary>What the state keeps as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(NodeConfiguration))]
internal sealed partial class NodeJson : JsonSerializerContext;
