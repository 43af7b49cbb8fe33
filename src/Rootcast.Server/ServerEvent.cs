using System.Text.Json;

namespace Rootcast.Server;

/// <summary>A line of the server's log.</summary>
/// <param name="Part">Which part speaks: <c>http</c>, <c>tftp</c>, <c>dhcp</c>.</param>
/// <param name="Client">Address or hardware address of who it is about.</param>
/// <param name="Text">What happened; printable.</param>
public readonly record struct ServerEvent(string Part, string Client, string Text)
{
    /// <summary>As it stands in the log.</summary>
    public override string ToString() => $"{Part} {Client} {Text}";

    /// <summary>As a JSON object on one line: <c>{"time":"2026-01-31T12:00:00Z","part":"dhcp","client":"52:54:00:12:34:56","text":"…"}</c>.</summary>
    /// <param name="time">When it happened.</param>
    public byte[] ToJson(DateTimeOffset time)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter writer = new(line))
        {
            writer.WriteStartObject();
            writer.WriteString("time", time);
            writer.WriteString("part", Part);
            writer.WriteString("client", Client);
            writer.WriteString("text", Text);
            writer.WriteEndObject();
        }
        return line.ToArray();
    }
}
