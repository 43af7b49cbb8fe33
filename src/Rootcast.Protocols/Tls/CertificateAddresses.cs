using System.Net;

namespace Rootcast.Protocols.Tls;

/// <summary>The IP addresses that an X.509 certificate is for (RFC 5280 section 4.2.1.6, iPAddress), out of its DER. Mbed TLS 2.28 looks at DNS names only.</summary>
public static class CertificateAddresses
{
    private const byte Boolean = 0x01;
    private const byte OctetString = 0x04;
    private const byte ObjectIdentifier = 0x06;
    private const byte Sequence = 0x30;
    private const byte Extensions = 0xA3;
    private const byte Address = 0x87;

    /// <summary>2.5.29.17, subjectAltName.</summary>
    private static ReadOnlySpan<byte> AlternativeNames => [0x55, 0x1D, 0x11];

    /// <summary>Whether the certificate is for an address. What is malformed is for none.</summary>
    /// <param name="certificate">DER, of which somebody has checked the signature.</param>
    /// <param name="address">IPv4 or IPv6.</param>
    public static bool Has(ReadOnlySpan<byte> certificate, IPAddress address)
    {
        Span<byte> wanted = stackalloc byte[16];
        if (
            !address.TryWriteBytes(wanted, out int length)
            || !TryTake(ref certificate, out byte tag, out ReadOnlySpan<byte> whole)
            || tag != Sequence
            || !TryTake(ref whole, out tag, out ReadOnlySpan<byte> signed)
            || tag != Sequence
        )
        {
            return false;
        }
        while (TryTake(ref signed, out tag, out ReadOnlySpan<byte> field))
        {
            if (tag == Extensions)
            {
                return TryTake(ref field, out tag, out ReadOnlySpan<byte> list) && tag == Sequence && IsListed(list, wanted[..length]);
            }
        }
        return false;
    }

    private static bool IsListed(ReadOnlySpan<byte> extensions, ReadOnlySpan<byte> wanted)
    {
        while (TryTake(ref extensions, out byte tag, out ReadOnlySpan<byte> extension))
        {
            if (tag != Sequence || !TryTake(ref extension, out tag, out ReadOnlySpan<byte> kind) || tag != ObjectIdentifier)
            {
                return false;
            }
            if (!kind.SequenceEqual(AlternativeNames))
            {
                continue;
            }
            if (!TryTake(ref extension, out tag, out ReadOnlySpan<byte> value))
            {
                return false;
            }
            if (tag == Boolean && !TryTake(ref extension, out tag, out value))
            {
                return false;
            }
            if (tag != OctetString || !TryTake(ref value, out tag, out ReadOnlySpan<byte> names) || tag != Sequence)
            {
                return false;
            }
            while (TryTake(ref names, out tag, out ReadOnlySpan<byte> name))
            {
                if (tag == Address && name.SequenceEqual(wanted))
                {
                    return true;
                }
            }
        }
        return false;
    }

    /// <summary>Takes one element from the front: tag of one byte, length of at most four.</summary>
    private static bool TryTake(ref ReadOnlySpan<byte> bytes, out byte tag, out ReadOnlySpan<byte> value)
    {
        tag = 0;
        value = default;
        if (bytes.Length < 2)
        {
            return false;
        }
        tag = bytes[0];
        long length = bytes[1];
        int head = 2;
        if (length >= 0x80)
        {
            int count = (int)length & 0x7F;
            if (count is 0 or > 4 || bytes.Length < head + count)
            {
                return false;
            }
            length = 0;
            for (int i = 0; i < count; i++)
            {
                length = (length << 8) | bytes[head + i];
            }
            head += count;
        }
        if (length > bytes.Length - head)
        {
            return false;
        }
        value = bytes.Slice(head, (int)length);
        bytes = bytes[(head + (int)length)..];
        return true;
    }
}
