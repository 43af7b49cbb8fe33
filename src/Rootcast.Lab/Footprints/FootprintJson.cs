using System.Text.Json.Serialization;

namespace Rootcast.Lab.Footprints;

/// <summary>Footprints as JSON, compiled ahead of time.</summary>
[JsonSourceGenerationOptions(
    // Writers of their own would be faster, and larger.
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true
)]
[JsonSerializable(typeof(Footprint))]
[JsonSerializable(typeof(FootprintDifference))]
public sealed partial class FootprintJson : JsonSerializerContext;
