using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;

namespace Rootcast.Protocols.Dns;

/// <summary>Reads DNS messages.</summary>
public static class DnsReader
{
    /// <summary>More answers than this are refused.</summary>
    public const int MostAnswers = 256;

    /// <summary>Reads header, question and answers. Throws <see cref="InvalidDataException"/> when it is no DNS message.</summary>
    public static DnsMessage Read(ReadOnlySpan<byte> message)
    {
        if (message.Length < DnsLayout.HeaderBytes)
        {
            throw Bad(0, $"{message.Length} bytes; the header alone has {DnsLayout.HeaderBytes}");
        }
        ushort flags = U16(message, DnsLayout.FlagsAt);
        int questions = U16(message, DnsLayout.QuestionsAt);
        int count = U16(message, DnsLayout.AnswersAt);
        if (questions > 1 || count > MostAnswers)
        {
            throw Bad(DnsLayout.QuestionsAt, $"{questions} questions and {count} answers; 1 and {MostAnswers} are the most");
        }
        int at = DnsLayout.HeaderBytes;
        string? questionName = null;
        DnsRecordType questionType = default;
        if (questions == 1)
        {
            questionName = Name(message, ref at);
            Need(message, at, 4, "question");
            questionType = (DnsRecordType)U16(message, at);
            at += 4;
        }
        List<DnsRecord> answers = [];
        for (int i = 0; i < count; i++)
        {
            answers.Add(Record(message, ref at));
        }
        return new DnsMessage
        {
            Id = U16(message, DnsLayout.IdAt),
            IsResponse = (flags & DnsLayout.FlagResponse) != 0,
            IsTruncated = (flags & DnsLayout.FlagTruncated) != 0,
            ResponseCode = (DnsResponseCode)(flags & DnsLayout.ResponseCodeMask),
            QuestionName = questionName,
            QuestionType = questionType,
            Answers = answers,
        };
    }

    private static DnsRecord Record(ReadOnlySpan<byte> message, ref int at)
    {
        string name = Name(message, ref at);
        Need(message, at, DnsLayout.RecordBytes, "record");
        DnsRecordType type = (DnsRecordType)U16(message, at);
        bool isInternet = U16(message, at + 2) == DnsLayout.ClassInternet;
        uint secondsToLive = BinaryPrimitives.ReadUInt32BigEndian(message[(at + 4)..]);
        int length = U16(message, at + 8);
        at += DnsLayout.RecordBytes;
        Need(message, at, length, $"data of a record of type {(int)type}");
        ReadOnlySpan<byte> data = message.Slice(at, length);
        IPAddress? address = null;
        string? target = null;
        if (isInternet)
        {
            int expected = type switch
            {
                DnsRecordType.A => 4,
                DnsRecordType.Aaaa => 16,
                _ => -1,
            };
            if (expected >= 0)
            {
                address = length == expected ? new IPAddress(data) : throw Bad(at, $"{length} bytes of address, {expected} are right");
            }
            else if (type == DnsRecordType.Cname)
            {
                int inside = at;
                target = Name(message, ref inside);
            }
        }
        at += length;
        return new DnsRecord(name, type, secondsToLive, address, target);
    }

    /// <summary>A name in lower case without the dot at the end. Each pointer must lead before the place where it was read from, so a name
    /// ends, whatever the bytes say.</summary>
    private static string Name(ReadOnlySpan<byte> message, ref int at)
    {
        StringBuilder name = new();
        int read = at;
        int limit = at;
        int bytes = 1;
        bool jumped = false;
        while (true)
        {
            Need(message, read, 1, "name");
            int length = message[read];
            if ((length & DnsLayout.PointerBits) == DnsLayout.PointerBits)
            {
                Need(message, read, 2, "name pointer");
                int target = U16(message, read) & 0x3FFF;
                if (target >= limit)
                {
                    throw Bad(read, $"name pointer to byte {target}, which is not before byte {limit}");
                }
                if (!jumped)
                {
                    at = read + 2;
                    jumped = true;
                }
                read = limit = target;
                continue;
            }
            if (length > DnsLayout.LongestLabel)
            {
                throw Bad(read, $"label of the unknown kind 0x{length:x2}");
            }
            read++;
            if (length == 0)
            {
                break;
            }
            Need(message, read, length, "label");
            bytes += length + 1;
            if (bytes > DnsLayout.LongestName)
            {
                throw Bad(read, $"name of more than {DnsLayout.LongestName} bytes");
            }
            if (name.Length > 0)
            {
                name.Append('.');
            }
            AppendLabel(name, message.Slice(read, length));
            read += length;
        }
        if (!jumped)
        {
            at = read;
        }
        return name.ToString();
    }

    private static void AppendLabel(StringBuilder name, ReadOnlySpan<byte> label)
    {
        foreach (byte b in label)
        {
            if (b is > (byte)' ' and <= (byte)'~' and not ((byte)'.' or (byte)'\\'))
            {
                name.Append(char.ToLowerInvariant((char)b));
            }
            else
            {
                name.Append('\\').Append(b.ToString("D3", CultureInfo.InvariantCulture));
            }
        }
    }

    private static ushort U16(ReadOnlySpan<byte> message, int at) => BinaryPrimitives.ReadUInt16BigEndian(message[at..]);

    private static void Need(ReadOnlySpan<byte> message, int at, int length, string what)
    {
        if (length > message.Length - at)
        {
            throw Bad(at, $"{what} of {length} bytes, but only {message.Length - at} follow");
        }
    }

    private static InvalidDataException Bad(int at, string why) => new($"DNS message, byte {at}: {why}");
}
