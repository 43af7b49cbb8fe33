namespace Rootcast.Linux.Network;

/// <summary>A network link as /sys/class/net shows it (Documentation/ABI/testing/sysfs-class-net).</summary>
/// <param name="Name"><c>eth0</c>.</param>
/// <param name="Index">The number that rtnetlink and packet sockets know it by.</param>
/// <param name="HardwareAddress">6 bytes for Ethernet.</param>
/// <param name="Kind">As ARP numbers them: 1 is Ethernet, 772 the loopback.</param>
/// <param name="Driver">Of the device that it belongs to; null for links without a device (bridges, dummies, the loopback).</param>
/// <param name="IsWireless">Whether it needs a wireless network to be joined first.</param>
/// <param name="HasCarrier">Whether it is up and the other end is there.</param>
/// <param name="State"><c>up</c>, <c>down</c>, <c>dormant</c>, <c>unknown</c>, …</param>
public sealed record NetworkLink(
    string Name,
    int Index,
    ReadOnlyMemory<byte> HardwareAddress,
    int Kind,
    string? Driver,
    bool IsWireless,
    bool HasCarrier,
    string State
)
{
    private const int Ethernet = 1;

    /// <summary>Whether it is the Ethernet port of a real (or a virtual machine's) device.</summary>
    public bool IsEthernetDevice => Kind == Ethernet && Driver is not null && !IsWireless && HardwareAddress.Length == 6;

    /// <summary><c>52:54:00:12:34:56</c>.</summary>
    public string HardwareAddressText
    {
        get
        {
            ReadOnlySpan<byte> bytes = HardwareAddress.Span;
            Span<char> text = stackalloc char[Math.Max(0, (bytes.Length * 3) - 1)];
            const string digits = "0123456789abcdef";
            for (int i = 0; i < bytes.Length; i++)
            {
                text[i * 3] = digits[bytes[i] >> 4];
                text[(i * 3) + 1] = digits[bytes[i] & 15];
                if (i + 1 < bytes.Length)
                {
                    text[(i * 3) + 2] = ':';
                }
            }
            return text.ToString();
        }
    }
}
