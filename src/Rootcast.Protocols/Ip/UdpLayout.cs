namespace Rootcast.Protocols.Ip;

/// <summary>Fields of an IPv4 header (RFC 791) and of the UDP header behind it (RFC 768). Numbers are big-endian.</summary>
internal static class UdpLayout
{
    internal const int VersionAndLengthAt = 0;
    internal const int ServiceAt = VersionAndLengthAt + 1;
    internal const int TotalLengthAt = ServiceAt + 1;
    internal const int IdentificationAt = TotalLengthAt + 2;
    internal const int FragmentAt = IdentificationAt + 2;
    internal const int TimeToLiveAt = FragmentAt + 2;
    internal const int ProtocolAt = TimeToLiveAt + 1;
    internal const int HeaderChecksumAt = ProtocolAt + 1;
    internal const int SourceAt = HeaderChecksumAt + 2;
    internal const int DestinationAt = SourceAt + 4;
    internal const int IpHeaderBytes = DestinationAt + 4;

    internal const int SourcePortAt = 0;
    internal const int DestinationPortAt = SourcePortAt + 2;
    internal const int LengthAt = DestinationPortAt + 2;
    internal const int ChecksumAt = LengthAt + 2;
    internal const int UdpHeaderBytes = ChecksumAt + 2;

    internal const byte ProtocolUdp = 17;

    /// <summary>More-fragments flag and fragment offset: anything set means that this is not a whole packet.</summary>
    internal const int FragmentMask = 0x3FFF;
}
