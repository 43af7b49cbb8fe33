using System.Text.Json.Serialization;

namespace Rootcast.Images.Store;

/// <summary>How the OCI documents are read and written; generated, since a trimmed program has no reflection.</summary>
[JsonSourceGenerationOptions(
    // Writers of their own would be faster, and larger.
    GenerationMode = JsonSourceGenerationMode.Metadata,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true
)]
[JsonSerializable(typeof(OciIndex))]
[JsonSerializable(typeof(OciManifest))]
[JsonSerializable(typeof(OciImageConfig))]
[JsonSerializable(typeof(OciLayoutMarker))]
internal sealed partial class OciJson : JsonSerializerContext;
