using System.Globalization;
using System.Net;

namespace Rootcast.Init.Network;

/// <summary>IPv4 addresses as people write them: four decimal numbers. IPAddress.Parse would also take <c>10.1</c> and <c>0x0a000001</c>.</summary>
public static class Ipv4Text
{
    /// <summary>Reads <c>10.0.2.15</c>; null for anything else.</summary>
    public static IPAddress? Parse(string text)
    {
        string[] parts = text.Split('.');
        Span<byte> bytes = stackalloc byte[4];
        if (parts.Length != 4)
        {
            return null;
        }
        for (int i = 0; i < 4; i++)
        {
            if (Number(parts[i], byte.MaxValue) is not { } number)
            {
                return null;
            }
            bytes[i] = (byte)number;
        }
        return new IPAddress(bytes);
    }

    /// <summary>Reads a netmask, <c>255.255.255.0</c> or <c>24</c>, as a prefix length; null for anything else, and for masks with gaps.</summary>
    public static int? PrefixLength(string text)
    {
        if (Number(text, 32) is { } length)
        {
            return length;
        }
        if (Parse(text) is not { } mask)
        {
            return null;
        }
        uint bits = Bits(mask);
        int ones = System.Numerics.BitOperations.LeadingZeroCount(~bits);
        return ones == 32 || bits << ones == 0 ? ones : null;
    }

    /// <summary>The prefix length of a network's class, for addresses that come without a mask: what the kernel does too.</summary>
    public static int ClassPrefixLength(IPAddress address) =>
        (Bits(address) >> 28) switch
        {
            < 8 => 8,
            < 12 => 16,
            _ => 24,
        };

    /// <summary>Whether two addresses are in one network.</summary>
    public static bool IsSameNetwork(IPAddress one, IPAddress other, int prefixLength) =>
        prefixLength == 0 || (Bits(one) ^ Bits(other)) >> (32 - prefixLength) == 0;

    private static uint Bits(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        return address.TryWriteBytes(bytes, out _) ? System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;
    }

    private static int? Number(string text, int largest) =>
        text.Length is > 0 and <= 3
        && !text.AsSpan().ContainsAnyExceptInRange('0', '9')
        && int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) is var number
        && number <= largest
            ? number
            : null;
}
