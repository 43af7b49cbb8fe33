namespace Rootcast.Protocols.Dns;

/// <summary>Fields of a DNS message (RFC 1035 section 4). Numbers are big-endian.</summary>
internal static class DnsLayout
{
    internal const int IdAt = 0;
    internal const int FlagsAt = IdAt + 2;
    internal const int QuestionsAt = FlagsAt + 2;
    internal const int AnswersAt = QuestionsAt + 2;
    internal const int AuthoritiesAt = AnswersAt + 2;
    internal const int AdditionsAt = AuthoritiesAt + 2;
    internal const int HeaderBytes = AdditionsAt + 2;

    internal const ushort FlagResponse = 0x8000;
    internal const ushort FlagTruncated = 0x0200;
    internal const ushort FlagRecursionDesired = 0x0100;
    internal const ushort ResponseCodeMask = 0x000F;

    internal const ushort ClassInternet = 1;

    /// <summary>Both upper bits of a length byte: it and the next byte say where the name goes on.</summary>
    internal const byte PointerBits = 0xC0;
    internal const int LongestLabel = 63;

    /// <summary>With the length bytes and the empty label at the end.</summary>
    internal const int LongestName = 255;

    /// <summary>After a name: type, class, time to live, length of data.</summary>
    internal const int RecordBytes = 10;
}
