using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rootcast.Server.Nodes;

/// <summary>How an outcome is written, in the state and in the API: in small letters.</summary>
internal sealed class BootOutcomeJson : JsonConverter<BootOutcome>
{
    private static readonly (BootOutcome Outcome, string Name)[] Names =
    [
        (BootOutcome.Open, "open"),
        (BootOutcome.Ready, "ready"),
        (BootOutcome.Failed, "failed"),
        (BootOutcome.Silent, "silent"),
        (BootOutcome.Superseded, "superseded"),
    ];

    /// <summary>The name of an outcome.</summary>
    public static string NameOf(BootOutcome outcome) => Array.Find(Names, pair => pair.Outcome == outcome).Name;

    /// <summary>The outcome of a name.</summary>
    public static BootOutcome Of(string? name) => Array.Find(Names, pair => pair.Name == name).Outcome;

    /// <inheritdoc/>
    public override BootOutcome Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Of(reader.GetString());

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, BootOutcome value, JsonSerializerOptions options) =>
        writer.WriteStringValue(NameOf(value));
}
