using System.Buffers.Binary;
using Rootcast.Protocols.Dhcp;

namespace Rootcast.Server.ProxyDhcp;

/// <summary>What a client says of itself in a DHCP message.</summary>
/// <param name="Kind">Who asks.</param>
/// <param name="Architecture">What its firmware runs.</param>
/// <param name="ArchitectureNumber">Option 93; null when it is absent.</param>
/// <param name="HardwareAddress">As <c>52:54:00:12:34:56</c>.</param>
public sealed record NetworkClient(ClientKind Kind, ClientArchitecture Architecture, int? ArchitectureNumber, string HardwareAddress)
{
    /// <summary>In words: <c>UEFI x64</c>.</summary>
    public string ArchitectureName =>
        Architecture switch
        {
            ClientArchitecture.Bios => "BIOS",
            ClientArchitecture.EfiX64 => "UEFI x64",
            ClientArchitecture.EfiArm64 => "UEFI arm64",
            _ => $"architecture {ArchitectureNumber?.ToString() ?? "unknown"}",
        };

    /// <summary>Reads it.</summary>
    public static NetworkClient Of(DhcpMessage message)
    {
        ReadOnlySpan<byte> vendor = message.Data(DhcpOptionCode.VendorClass).Span;
        ReadOnlySpan<byte> user = message.Data(DhcpOptionCode.UserClass).Span;
        ReadOnlySpan<byte> architecture = message.Data(DhcpOptionCode.ClientArchitecture).Span;
        // iPXE sends its name bare; RFC 3004 wants a length before it.
        bool isIpxe = user.SequenceEqual("iPXE"u8) || user.SequenceEqual("\u0004iPXE"u8);
        ClientKind kind =
            isIpxe ? ClientKind.Ipxe
            : vendor.StartsWith("HTTPClient"u8) ? ClientKind.HttpBoot
            : vendor.StartsWith("PXEClient"u8) ? ClientKind.Pxe
            : ClientKind.Other;
        // A list in the order of preference; the RFC asks for one.
        int? number = architecture.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(architecture) : null;
        return new NetworkClient(
            kind,
            number switch
            {
                0 => ClientArchitecture.Bios,
                7 or 9 or 16 => ClientArchitecture.EfiX64,
                11 or 19 => ClientArchitecture.EfiArm64,
                // Before RFC 4578 there was only BIOS.
                null when kind == ClientKind.Pxe => ClientArchitecture.Bios,
                _ => ClientArchitecture.Other,
            },
            number,
            Address(message.HardwareAddress.Span)
        );
    }

    private static string Address(ReadOnlySpan<byte> bytes)
    {
        string text = "";
        foreach (byte one in bytes)
        {
            text += text.Length > 0 ? $":{one:x2}" : $"{one:x2}";
        }
        return text;
    }
}
