using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Rootcast.Protocols.Dhcp;

/// <summary>Reads DHCPv4 messages.</summary>
public static class DhcpReader
{
    /// <summary>No UDP datagram is longer.</summary>
    public const int LongestMessage = 65_507;

    /// <summary>Reads a message; the result shares no memory with it. Throws <see cref="InvalidDataException"/> when it is none.</summary>
    public static DhcpMessage Read(ReadOnlySpan<byte> message)
    {
        if (message.Length is < DhcpLayout.OptionsAt or > LongestMessage)
        {
            throw Bad(0, $"{message.Length} bytes; a message has {DhcpLayout.OptionsAt} to {LongestMessage}");
        }
        byte operation = message[DhcpLayout.OperationAt];
        if (operation is not (DhcpLayout.OperationRequest or DhcpLayout.OperationReply))
        {
            throw Bad(DhcpLayout.OperationAt, $"operation {operation} is neither request nor reply");
        }
        int hardwareLength = message[DhcpLayout.HardwareLengthAt];
        if (hardwareLength > DhcpLayout.HardwareAddressBytes)
        {
            throw Bad(DhcpLayout.HardwareLengthAt, $"hardware address of {hardwareLength} bytes; the field has 16");
        }
        if (BinaryPrimitives.ReadUInt32BigEndian(message[DhcpLayout.CookieAt..]) != DhcpLayout.Cookie)
        {
            throw Bad(DhcpLayout.CookieAt, "the magic cookie is not there");
        }
        OptionParts parts = new();
        parts.Take(message, DhcpLayout.OptionsAt, message.Length);
        byte overload = parts.Overload;
        bool isFileTaken = (overload & DhcpLayout.OverloadBootFile) != 0;
        bool isNameTaken = (overload & DhcpLayout.OverloadServerName) != 0;
        if (isFileTaken)
        {
            parts.Take(message, DhcpLayout.BootFileAt, DhcpLayout.BootFileAt + DhcpLayout.BootFileBytes);
        }
        if (isNameTaken)
        {
            parts.Take(message, DhcpLayout.ServerNameAt, DhcpLayout.ServerNameAt + DhcpLayout.ServerNameBytes);
        }
        return new DhcpMessage
        {
            IsReply = operation == DhcpLayout.OperationReply,
            HardwareType = message[DhcpLayout.HardwareTypeAt],
            HardwareAddress = message.Slice(DhcpLayout.HardwareAddressAt, hardwareLength).ToArray(),
            TransactionId = BinaryPrimitives.ReadUInt32BigEndian(message[DhcpLayout.TransactionAt..]),
            Seconds = BinaryPrimitives.ReadUInt16BigEndian(message[DhcpLayout.SecondsAt..]),
            Broadcast = (BinaryPrimitives.ReadUInt16BigEndian(message[DhcpLayout.FlagsAt..]) & DhcpLayout.FlagBroadcast) != 0,
            ClientAddress = Address(message, DhcpLayout.ClientAddressAt),
            YourAddress = Address(message, DhcpLayout.YourAddressAt),
            ServerAddress = Address(message, DhcpLayout.ServerAddressAt),
            RelayAddress = Address(message, DhcpLayout.RelayAddressAt),
            ServerName = isNameTaken ? "" : Text(message.Slice(DhcpLayout.ServerNameAt, DhcpLayout.ServerNameBytes)),
            BootFile = isFileTaken ? "" : Text(message.Slice(DhcpLayout.BootFileAt, DhcpLayout.BootFileBytes)),
            Options = parts.Joined(),
        };
    }

    private static IPAddress Address(ReadOnlySpan<byte> message, int at) => new(message.Slice(at, 4));

    private static string Text(ReadOnlySpan<byte> field) =>
        Encoding.Latin1.GetString(field.IndexOf((byte)0) is var end and >= 0 ? field[..end] : field);

    private static InvalidDataException Bad(int at, string why) => new($"DHCP message, byte {at}: {why}");

    /// <summary>The parts of the options in the order that RFC 3396 joins them: options field, boot file, server name.</summary>
    private sealed class OptionParts
    {
        private readonly List<(byte Code, byte[] Data)> parts = [];

        internal byte Overload { get; private set; }

        internal void Take(ReadOnlySpan<byte> message, int at, int end)
        {
            // A message that just ends without the end option is taken: there are servers that leave it out.
            while (at < end && message[at] != DhcpLayout.OptionEnd)
            {
                byte code = message[at++];
                if (code == DhcpLayout.OptionPad)
                {
                    continue;
                }
                if (at == end)
                {
                    throw Bad(at, $"option {code} has no length");
                }
                int length = message[at++];
                if (length > end - at)
                {
                    throw Bad(at - 1, $"option {code} has {length} bytes, but only {end - at} follow");
                }
                ReadOnlySpan<byte> data = message.Slice(at, length);
                if (code == (byte)DhcpOptionCode.Overload && length == 1)
                {
                    Overload = data[0];
                }
                parts.Add((code, data.ToArray()));
                at += length;
            }
        }

        internal List<DhcpOption> Joined()
        {
            List<DhcpOption> options = [];
            Span<int> place = stackalloc int[256];
            place.Clear();
            int[] lengths = new int[256];
            foreach ((byte code, byte[] data) in parts)
            {
                lengths[code] += data.Length;
            }
            byte[]?[] joined = new byte[256][];
            foreach ((byte code, byte[] data) in parts)
            {
                if (joined[code] is not { } whole)
                {
                    joined[code] = whole = new byte[lengths[code]];
                    options.Add(new DhcpOption((DhcpOptionCode)code, whole));
                }
                data.CopyTo(whole, place[code]);
                place[code] += data.Length;
            }
            return options;
        }
    }
}
