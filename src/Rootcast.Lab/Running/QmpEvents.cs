using System.Text.Json;

namespace Rootcast.Lab.Running;

/// <summary>The events of QEMU's control connection (QEMU's qapi/run-state.json) that end a guest.</summary>
public static class QmpEvents
{
    /// <summary>What an event means for the machine, or null when it means nothing to us.</summary>
    public static MachineEventKind? KindOf(string line)
    {
        using JsonDocument message = Parse(line);
        JsonElement root = message.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("event", out JsonElement name))
        {
            return null;
        }
        return name.GetString() switch
        {
            "GUEST_PANICKED" => MachineEventKind.Panicked,
            "SHUTDOWN" => ShutdownReason(root) switch
            {
                "guest-reset" => MachineEventKind.Reset,
                "guest-shutdown" => MachineEventKind.PoweredOff,
                "guest-panic" => MachineEventKind.Panicked,
                _ => null,
            },
            _ => null,
        };
    }

    private static string? ShutdownReason(JsonElement root) =>
        root.TryGetProperty("data", out JsonElement data) && data.TryGetProperty("reason", out JsonElement reason)
            ? reason.GetString()
            : null;

    private static JsonDocument Parse(string line)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"QMP: not JSON at byte {e.BytePositionInLine}: {line[..Math.Min(line.Length, 80)]}", e);
        }
    }
}
