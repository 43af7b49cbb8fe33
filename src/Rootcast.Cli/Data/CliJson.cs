using System.Text.Json.Serialization;
using Rootcast.Images.Initramfs;
using Rootcast.Images.Media;

namespace Rootcast.Cli.Data;

/// <summary>All that <c>--json</c> prints. Compiled ahead of time: a type that is not named here can't be written.</summary>
[JsonSourceGenerationOptions(
    // Writers of their own would be faster, and larger.
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(ImageData))]
[JsonSerializable(typeof(IReadOnlyList<ImageData>))]
[JsonSerializable(typeof(GarbageData))]
[JsonSerializable(typeof(MediaLevel))]
[JsonSerializable(typeof(IReadOnlyList<InitramfsEntryData>))]
[JsonSerializable(typeof(IReadOnlyList<IReadOnlyList<InitramfsReason>>))]
[JsonSerializable(typeof(IReadOnlyList<InitramfsDifference>))]
[JsonSerializable(typeof(ComparisonData))]
[JsonSerializable(typeof(AdviceData))]
[JsonSerializable(typeof(BootData))]
[JsonSerializable(typeof(TryData))]
[JsonSerializable(typeof(WrittenDiskData))]
[JsonSerializable(typeof(List<WrittenDiskData>))]
[JsonSerializable(typeof(ExtentsData))]
[JsonSerializable(typeof(CpioEntryData[]))]
[JsonSerializable(typeof(SegmentData[]))]
internal sealed partial class CliJson : JsonSerializerContext;
