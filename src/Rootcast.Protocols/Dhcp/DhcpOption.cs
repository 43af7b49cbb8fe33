namespace Rootcast.Protocols.Dhcp;

/// <summary>One option, put together from all its parts.</summary>
/// <param name="Code">1 to 254.</param>
/// <param name="Data">May be longer than 255 bytes; such an option travels in parts (RFC 3396).</param>
public readonly record struct DhcpOption(DhcpOptionCode Code, ReadOnlyMemory<byte> Data);
