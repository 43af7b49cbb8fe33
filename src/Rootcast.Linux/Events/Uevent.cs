using System.Text;

namespace Rootcast.Linux.Events;

/// <summary>A message of the kernel about a device: <c>add@/devices/…</c>, then <c>KEY=VALUE</c> properties, each ended by a NUL
/// (lib/kobject_uevent.c).</summary>
/// <param name="Action"><c>add</c>, <c>remove</c>, <c>change</c>, <c>bind</c>, …</param>
/// <param name="DevicePath">Below /sys: <c>/devices/pci0000:00/…</c>.</param>
/// <param name="Properties">In the order sent.</param>
public sealed record Uevent(string Action, string DevicePath, IReadOnlyList<KeyValuePair<string, string>> Properties)
{
    /// <summary>The value of a property; null when it is absent.</summary>
    public string? this[string key]
    {
        get
        {
            foreach (KeyValuePair<string, string> property in Properties)
            {
                if (property.Key == key)
                {
                    return property.Value;
                }
            }
            return null;
        }
    }

    /// <summary>Reads a message; null for one that is not the kernel's (udevd's own begin with <c>libudev</c>).</summary>
    public static Uevent? Parse(ReadOnlySpan<byte> message)
    {
        int end = message.IndexOf((byte)0);
        int at = end < 0 ? -1 : message[..end].IndexOf((byte)'@');
        if (at <= 0)
        {
            return null;
        }
        List<KeyValuePair<string, string>> properties = [];
        ReadOnlySpan<byte> rest = message[(end + 1)..];
        while (!rest.IsEmpty)
        {
            int length = rest.IndexOf((byte)0) is var nul and >= 0 ? nul : rest.Length;
            ReadOnlySpan<byte> word = rest[..length];
            if (word.IndexOf((byte)'=') is var equals and > 0)
            {
                properties.Add(new(Encoding.UTF8.GetString(word[..equals]), Encoding.UTF8.GetString(word[(equals + 1)..])));
            }
            rest = rest[Math.Min(length + 1, rest.Length)..];
        }
        return new Uevent(Encoding.UTF8.GetString(message[..at]), Encoding.UTF8.GetString(message[(at + 1)..end]), properties);
    }
}
