using Rootcast.Server.Ipxe;

namespace Rootcast.Server.Nodes;

/// <summary>What a machine says of itself: one of three is enough to know it again.</summary>
/// <param name="Mac">Hardware address of the card that it boots from: <c>52-54-00-12-34-56</c>; null when it is not told.</param>
/// <param name="Uuid">SMBIOS's system UUID in lower case; null when it is not told, or no machine's own.</param>
/// <param name="Serial">SMBIOS's serial number; null as above.</param>
public sealed record NodeIdentity(string? Mac, string? Uuid, string? Serial)
{
    private const int LongestSerial = 64;

    /// <summary>What board makers leave in when they fill nothing in, in lower case.</summary>
    private static readonly string[] Fillers =
    [
        "none",
        "default string",
        "to be filled by o.e.m.",
        "system serial number",
        "not specified",
        "not applicable",
        "unknown",
        "oem",
        "n/a",
        "0123456789",
        "123456789",
    ];

    /// <summary>Whether nothing is known.</summary>
    public bool IsEmpty => Mac is null && Uuid is null && Serial is null;

    /// <summary>Kind and value of what is known, the one that tells machines apart best first.</summary>
    public IReadOnlyList<(string Kind, string Value)> Keys
    {
        get
        {
            List<(string, string)> keys = [];
            Add("mac", Mac);
            Add("uuid", Uuid);
            Add("serial", Serial);
            return keys;

            void Add(string kind, string? value)
            {
                if (value is not null)
                {
                    keys.Add((kind, value));
                }
            }
        }
    }

    /// <summary>Reads what a machine's firmware says; what is no machine's own is left out.</summary>
    /// <param name="mac">In any usual spelling; null or empty for nothing.</param>
    /// <param name="uuid">As above.</param>
    /// <param name="serial">As above.</param>
    public static NodeIdentity Of(string? mac, string? uuid, string? serial) =>
        new(Address(mac ?? ""), Identifier(uuid ?? ""), Number(serial ?? ""));

    /// <summary>A hardware address of six bytes in any usual spelling, with hyphens and in lower case; null when it is none, or names nobody.</summary>
    public static string? Address(string text) =>
        IpxeScript.HardwareAddress(text) is { } address && address != "00-00-00-00-00-00" && address != "ff-ff-ff-ff-ff-ff"
            ? address
            : null;

    private static string? Identifier(string text)
    {
        if (!Guid.TryParseExact(text.Trim(), "D", out Guid uuid))
        {
            return null;
        }
        string plain = uuid.ToString("D");
        // Zeros, ones, and the one that a whole generation of boards has.
        return uuid == Guid.Empty || uuid == Guid.AllBitsSet || plain == "03000200-0400-0500-0006-000700080009" ? null : plain;
    }

    private static string? Number(string text)
    {
        string serial = text.Trim();
        bool isPlain = serial.Length is > 2 and <= LongestSerial && !serial.AsSpan().ContainsAnyExceptInRange(' ', '~');
        bool saysSomething =
            isPlain && serial.Any(c => c != serial[0]) && !Fillers.Contains(serial.ToLowerInvariant(), StringComparer.Ordinal);
        return saysSomething ? serial : null;
    }
}
