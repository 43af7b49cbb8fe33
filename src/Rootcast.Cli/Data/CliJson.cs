using System.Text.Json.Serialization;
using Rootcast.Images.Initramfs;

namespace Rootcast.Cli.Data;

/// <summary>All that <c>--json</c> prints. Compiled ahead of time: a type that is not named here can't be written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(ImageData))]
[JsonSerializable(typeof(IReadOnlyList<ImageData>))]
[JsonSerializable(typeof(GarbageData))]
[JsonSerializable(typeof(IReadOnlyList<InitramfsEntryData>))]
[JsonSerializable(typeof(IReadOnlyList<IReadOnlyList<InitramfsReason>>))]
[JsonSerializable(typeof(BootData))]
[JsonSerializable(typeof(TryData))]
[JsonSerializable(typeof(ExtentsData))]
[JsonSerializable(typeof(CpioEntryData[]))]
internal sealed partial class CliJson : JsonSerializerContext;
