namespace Rootcast.Protocols.Dhcp;

/// <summary>Fields of a DHCPv4 message (RFC 2131 section 2). Numbers are big-endian.</summary>
internal static class DhcpLayout
{
    internal const int OperationAt = 0;
    internal const int HardwareTypeAt = OperationAt + 1;
    internal const int HardwareLengthAt = HardwareTypeAt + 1;
    internal const int HopsAt = HardwareLengthAt + 1;
    internal const int TransactionAt = HopsAt + 1;
    internal const int SecondsAt = TransactionAt + 4;
    internal const int FlagsAt = SecondsAt + 2;
    internal const int ClientAddressAt = FlagsAt + 2;
    internal const int YourAddressAt = ClientAddressAt + 4;
    internal const int ServerAddressAt = YourAddressAt + 4;
    internal const int RelayAddressAt = ServerAddressAt + 4;
    internal const int HardwareAddressAt = RelayAddressAt + 4;
    internal const int HardwareAddressBytes = 16;
    internal const int ServerNameAt = HardwareAddressAt + HardwareAddressBytes;
    internal const int ServerNameBytes = 64;
    internal const int BootFileAt = ServerNameAt + ServerNameBytes;
    internal const int BootFileBytes = 128;
    internal const int CookieAt = BootFileAt + BootFileBytes;
    internal const int OptionsAt = CookieAt + 4;

    internal const byte OperationRequest = 1;
    internal const byte OperationReply = 2;
    internal const ushort FlagBroadcast = 0x8000;
    internal const uint Cookie = 0x63825363;

    internal const byte OptionPad = 0;
    internal const byte OptionEnd = 255;
    internal const int LongestOption = 255;

    /// <summary>Option 52: the boot file field, the server name field or both hold options.</summary>
    internal const byte OverloadBootFile = 1;
    internal const byte OverloadServerName = 2;

    /// <summary>BOOTP messages have at least this length (RFC 1542 section 2.1), and old relays drop shorter ones.</summary>
    internal const int ShortestMessage = 300;
}
