using System.Text.Json.Serialization;

namespace Rootcast.Server.Dashboard;

/// <summary>What the pages and the server say to each other beside the API.</summary>
[JsonSourceGenerationOptions(
    // As everywhere: writers of their own would be faster, and larger.
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(HelloData))]
[JsonSerializable(typeof(NodeReference))]
[JsonSerializable(typeof(StormData))]
[JsonSerializable(typeof(SessionData))]
[JsonSerializable(typeof(SessionRequest))]
[JsonSerializable(typeof(IReadOnlyList<MeasuredReport>))]
internal sealed partial class DashboardJson : JsonSerializerContext;
