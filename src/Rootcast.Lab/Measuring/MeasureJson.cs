using System.Text.Json.Serialization;

namespace Rootcast.Lab.Measuring;

/// <summary>How result files are read and written; generated, since a trimmed program has no reflection.</summary>
[JsonSourceGenerationOptions(
    // Writers of their own would be faster, and larger.
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    IgnoreReadOnlyProperties = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(MeasureResult))]
[JsonSerializable(typeof(SaidFootprint))]
internal sealed partial class MeasureJson : JsonSerializerContext;
