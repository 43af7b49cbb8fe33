using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Rootcast.Server.ProxyDhcp;

/// <summary>IPv4 addresses from one to another, both included: <c>10.0.0.100-10.0.0.199</c>.</summary>
public readonly record struct AddressRange(uint First, uint Last)
{
    /// <summary>More are not remembered.</summary>
    public const int MostAddresses = 65_536;

    /// <summary>How many.</summary>
    public int Count => (int)(Last - First + 1);

    /// <summary>Reads it; null when it is none, or has more than <see cref="MostAddresses"/>.</summary>
    public static AddressRange? Parse(string text)
    {
        string[] ends = text.Split('-');
        return
            ends is [var first, var last] && Number(first) is { } from && Number(last) is { } to && to >= from && to - from < MostAddresses
            ? new AddressRange(from, to)
            : null;
    }

    /// <summary>One of them.</summary>
    public IPAddress At(int index)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, First + (uint)index);
        return new IPAddress(bytes);
    }

    /// <summary>Which one an address is; null when it is none of them.</summary>
    public int? IndexOf(IPAddress address) =>
        NumberOf(address) is var number && number >= First && number <= Last ? (int)(number - First) : null;

    /// <summary>Whether all of them are in a network.</summary>
    /// <param name="member">An address of that network.</param>
    /// <param name="prefixLength">1 to 32.</param>
    public bool IsWithin(IPAddress member, int prefixLength)
    {
        uint mask = uint.MaxValue << (32 - prefixLength);
        uint network = NumberOf(member) & mask;
        return (First & mask) == network && (Last & mask) == network;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{At(0)}-{At(Count - 1)}";

    private static uint? Number(string text) =>
        text.Count(c => c == '.') == 3
        && IPAddress.TryParse(text, out IPAddress? address)
        && address.AddressFamily == AddressFamily.InterNetwork
            ? NumberOf(address)
            : null;

    private static uint NumberOf(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());
}
