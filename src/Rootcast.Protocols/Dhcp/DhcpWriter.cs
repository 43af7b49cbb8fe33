using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Rootcast.Protocols.Dhcp;

/// <summary>Writes DHCPv4 messages.</summary>
public static class DhcpWriter
{
    /// <summary>The bytes of a message. Options longer than 255 bytes go in parts (RFC 3396); server name and boot file never hold options.</summary>
    public static byte[] Write(DhcpMessage message)
    {
        int length = DhcpLayout.OptionsAt + 1;
        foreach (DhcpOption option in message.Options)
        {
            int parts = Math.Max(1, (option.Data.Length + DhcpLayout.LongestOption - 1) / DhcpLayout.LongestOption);
            length += (2 * parts) + option.Data.Length;
        }
        byte[] bytes = new byte[Math.Max(length, DhcpLayout.ShortestMessage)];
        bytes[DhcpLayout.OperationAt] = message.IsReply ? DhcpLayout.OperationReply : DhcpLayout.OperationRequest;
        bytes[DhcpLayout.HardwareTypeAt] = message.HardwareType;
        bytes[DhcpLayout.HardwareLengthAt] = (byte)message.HardwareAddress.Length;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(DhcpLayout.TransactionAt), message.TransactionId);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(DhcpLayout.SecondsAt), message.Seconds);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(DhcpLayout.FlagsAt), message.Broadcast ? DhcpLayout.FlagBroadcast : (ushort)0);
        WriteAddress(bytes, DhcpLayout.ClientAddressAt, message.ClientAddress);
        WriteAddress(bytes, DhcpLayout.YourAddressAt, message.YourAddress);
        WriteAddress(bytes, DhcpLayout.ServerAddressAt, message.ServerAddress);
        WriteAddress(bytes, DhcpLayout.RelayAddressAt, message.RelayAddress);
        message.HardwareAddress.Span.CopyTo(bytes.AsSpan(DhcpLayout.HardwareAddressAt, DhcpLayout.HardwareAddressBytes));
        WriteText(bytes.AsSpan(DhcpLayout.ServerNameAt, DhcpLayout.ServerNameBytes), message.ServerName);
        WriteText(bytes.AsSpan(DhcpLayout.BootFileAt, DhcpLayout.BootFileBytes), message.BootFile);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(DhcpLayout.CookieAt), DhcpLayout.Cookie);
        WriteOptions(bytes.AsSpan(DhcpLayout.OptionsAt), message.Options);
        return bytes;
    }

    private static void WriteOptions(Span<byte> place, IReadOnlyList<DhcpOption> options)
    {
        foreach (DhcpOption option in options)
        {
            ReadOnlySpan<byte> rest = option.Data.Span;
            do
            {
                ReadOnlySpan<byte> part = rest[..Math.Min(rest.Length, DhcpLayout.LongestOption)];
                place[0] = (byte)option.Code;
                place[1] = (byte)part.Length;
                part.CopyTo(place[2..]);
                place = place[(2 + part.Length)..];
                rest = rest[part.Length..];
            } while (!rest.IsEmpty);
        }
        place[0] = DhcpLayout.OptionEnd;
    }

    private static void WriteAddress(byte[] bytes, int at, IPAddress address)
    {
        if (!address.TryWriteBytes(bytes.AsSpan(at, 4), out _))
        {
            throw new ArgumentException($"{address} is not an IPv4 address", nameof(address));
        }
    }

    private static void WriteText(Span<byte> field, string text)
    {
        // Its NUL must fit too.
        if (text.Length >= field.Length)
        {
            throw new ArgumentException($"\"{text}\" is longer than {field.Length - 1} bytes", nameof(text));
        }
        Encoding.Latin1.GetBytes(text, field);
    }
}
