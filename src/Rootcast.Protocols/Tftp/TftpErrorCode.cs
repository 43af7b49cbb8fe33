namespace Rootcast.Protocols.Tftp;

/// <summary>The numbers of errors (RFC 1350's appendix; 8 by RFC 2347).</summary>
public enum TftpErrorCode
{
    Other,
    NotFound,
    AccessViolation,
    DiskFull,
    IllegalOperation,
    UnknownTransfer,
    AlreadyExists,
    NoSuchUser,
    OptionRefused,
}
