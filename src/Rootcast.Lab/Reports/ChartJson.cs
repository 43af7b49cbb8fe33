using System.Text.Json.Serialization;

namespace Rootcast.Lab.Reports;

/// <summary>How the page carries <see cref="ChartData"/>. The default escapes stay: no text of others can end the element that it stands in.</summary>
[JsonSourceGenerationOptions(
    // Writers of their own would be faster, and larger.
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(ChartData))]
internal sealed partial class ChartJson : JsonSerializerContext;
