using System.Text.Json.Serialization;
using Rootcast.Server.Nodes;

namespace Rootcast.Server.Api;

/// <summary>All that the API takes and gives. Compiled ahead of time: a type that is not named here can't be written.</summary>
[JsonSourceGenerationOptions(
    // Writers of their own would be faster, and larger.
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow
)]
[JsonSerializable(typeof(ErrorData))]
[JsonSerializable(typeof(IReadOnlyList<NodeData>))]
[JsonSerializable(typeof(NodeConfiguration))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, NodeConfiguration>))]
[JsonSerializable(typeof(BootLogData))]
[JsonSerializable(typeof(IReadOnlyList<AssignmentData>))]
[JsonSerializable(typeof(IReadOnlyList<ServedImageData>))]
[JsonSerializable(typeof(LabelsRequest))]
[JsonSerializable(typeof(ImageRequest))]
[JsonSerializable(typeof(AssignRequest))]
[JsonSerializable(typeof(RollbackRequest))]
[JsonSerializable(typeof(RollbackData))]
public sealed partial class ApiJson : JsonSerializerContext;
