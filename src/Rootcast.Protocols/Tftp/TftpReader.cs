using System.Buffers.Binary;
using System.Text;

namespace Rootcast.Protocols.Tftp;

/// <summary>Reads TFTP packets.</summary>
public static class TftpReader
{
    /// <summary>No UDP datagram is longer.</summary>
    public const int LongestPacket = 65_507;

    /// <summary>Reads a packet; the result shares no memory with it. Throws <see cref="InvalidDataException"/> when it is none.</summary>
    public static TftpPacket Read(ReadOnlySpan<byte> packet)
    {
        if (packet.Length is < TftpLayout.ContentAt or > LongestPacket)
        {
            throw Bad(0, $"{packet.Length} bytes; a packet has {TftpLayout.ContentAt} to {LongestPacket}");
        }
        ushort operation = BinaryPrimitives.ReadUInt16BigEndian(packet);
        ushort number = BinaryPrimitives.ReadUInt16BigEndian(packet[TftpLayout.BlockAt..]);
        switch (operation)
        {
            case TftpLayout.ReadRequest:
            case TftpLayout.WriteRequest:
                int at = TftpLayout.OperationBytes;
                string file = Text(packet, ref at);
                string mode = Text(packet, ref at);
                return new TftpRequest(operation == TftpLayout.WriteRequest, file, mode, Options(packet, at));
            case TftpLayout.Data:
                return new TftpData(number, packet[TftpLayout.ContentAt..].ToArray());
            case TftpLayout.Acknowledgement:
                return new TftpAcknowledgement(number);
            case TftpLayout.Error:
                int text = TftpLayout.ContentAt;
                // Clients leave the NUL out, or the whole text.
                string said = packet[text..].Contains((byte)0) ? Text(packet, ref text) : Printable(packet[text..]);
                return new TftpError(number <= (int)TftpErrorCode.OptionRefused ? (TftpErrorCode)number : TftpErrorCode.Other, said);
            case TftpLayout.OptionAcknowledgement:
                return new TftpOptionAcknowledgement(Options(packet, TftpLayout.OperationBytes));
            default:
                throw Bad(TftpLayout.OperationAt, $"there is no operation {operation}");
        }
    }

    private static List<TftpOption> Options(ReadOnlySpan<byte> packet, int at)
    {
        List<TftpOption> options = [];
        // Old clients fill the packet with NULs.
        while (at < packet.Length && packet[at..].ContainsAnyExcept((byte)0))
        {
            if (options.Count == TftpLayout.MostOptions)
            {
                throw Bad(at, $"more than {TftpLayout.MostOptions} options");
            }
            int start = at;
            string name = Text(packet, ref at);
            string value = Text(packet, ref at);
            if (options.Exists(option => string.Equals(option.Name, name, StringComparison.OrdinalIgnoreCase)))
            {
                throw Bad(start, $"the option {name} stands twice");
            }
            options.Add(new TftpOption(name, value));
        }
        return options;
    }

    private static string Text(ReadOnlySpan<byte> packet, ref int at)
    {
        ReadOnlySpan<byte> rest = packet[at..];
        int end = rest.IndexOf((byte)0);
        if (end is < 0 or > TftpLayout.LongestText)
        {
            throw Bad(at, end < 0 ? "a text has no end" : $"a text of {end} bytes; {TftpLayout.LongestText} at most");
        }
        at += end + 1;
        return Printable(rest[..end]);
    }

    /// <summary>Bytes that are no printable ASCII become dots: they name nothing that is served, and end up on screens.</summary>
    private static string Printable(ReadOnlySpan<byte> text)
    {
        text = text[..Math.Min(text.Length, TftpLayout.LongestText)];
        StringBuilder printable = new(text.Length);
        foreach (byte c in text)
        {
            printable.Append(c is >= (byte)' ' and <= (byte)'~' ? (char)c : '.');
        }
        return printable.ToString();
    }

    private static InvalidDataException Bad(int at, string why) => new($"TFTP packet, byte {at}: {why}");
}
