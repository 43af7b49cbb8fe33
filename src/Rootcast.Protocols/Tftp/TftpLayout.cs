namespace Rootcast.Protocols.Tftp;

/// <summary>Fields of TFTP packets (RFC 1350 section 5). Numbers are big-endian, texts end with a NUL.</summary>
internal static class TftpLayout
{
    internal const int OperationAt = 0;
    internal const int OperationBytes = 2;

    // Of data and acknowledgements; the number of an error stands there too.
    internal const int BlockAt = OperationAt + OperationBytes;
    internal const int BlockBytes = 2;
    internal const int ContentAt = BlockAt + BlockBytes;

    internal const ushort ReadRequest = 1;
    internal const ushort WriteRequest = 2;
    internal const ushort Data = 3;
    internal const ushort Acknowledgement = 4;
    internal const ushort Error = 5;

    /// <summary>RFC 2347.</summary>
    internal const ushort OptionAcknowledgement = 6;

    /// <summary>No name, mode, option or message needs more.</summary>
    internal const int LongestText = 255;

    /// <summary>RFC 2347 knows five; who sends more than this sends nonsense.</summary>
    internal const int MostOptions = 16;
}
