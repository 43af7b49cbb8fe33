using System.Text;

namespace Rootcast.Protocols.Http;

/// <summary>Reads response heads (RFC 9112).</summary>
public static class HttpResponseReader
{
    private const int MostHeaders = 256;

    /// <summary>How many bytes the head at the start of a buffer has, its empty line included; 0 while the end is not there yet.</summary>
    /// <param name="received">What has come so far.</param>
    /// <exception cref="InvalidDataException">It is longer than <see cref="HttpLayout.LongestHead"/>.</exception>
    public static int HeadLength(ReadOnlySpan<byte> received)
    {
        ReadOnlySpan<byte> searched = received[..Math.Min(received.Length, HttpLayout.LongestHead)];
        for (int at = 0; searched[at..].IndexOf((byte)'\n') is var found and >= 0; )
        {
            at += found + 1;
            // RFC 9112 section 2.2 lets a lone LF end a line.
            if (searched[at..].StartsWith("\n"u8))
            {
                return at + 1;
            }
            if (searched[at..].StartsWith("\r\n"u8))
            {
                return at + 2;
            }
        }
        return received.Length < HttpLayout.LongestHead ? 0 : throw Bad(0, $"the head has no end within {HttpLayout.LongestHead} bytes");
    }

    /// <summary>Reads a head of the length that <see cref="HeadLength"/> tells. Throws <see cref="InvalidDataException"/> when it is none.</summary>
    public static HttpResponseHead Read(ReadOnlySpan<byte> head)
    {
        if (head.Length > HttpLayout.LongestHead)
        {
            throw Bad(0, $"{head.Length} bytes; {HttpLayout.LongestHead} are the most");
        }
        int at = 0;
        HttpResponseHead result = ReadStatus(NextLine(head, ref at));
        for (int count = 0; at < head.Length; count++)
        {
            int start = at;
            ReadOnlySpan<byte> line = NextLine(head, ref at);
            if (line.IsEmpty)
            {
                break;
            }
            int colon = line.IndexOf((byte)':');
            if (colon <= 0 || line[..colon].ContainsAnyExceptInRange((byte)'!', (byte)'~') || count == MostHeaders)
            {
                throw Bad(start, count == MostHeaders ? "too many headers" : "a line that is no header");
            }
            result = ReadHeader(result, start, Encoding.ASCII.GetString(line[..colon]), Value(line[(colon + 1)..], start));
        }
        // RFC 9112 section 6.3: chunks win.
        return result.IsChunked ? result with { ContentLength = null } : result;
    }

    private static HttpResponseHead ReadStatus(ReadOnlySpan<byte> line)
    {
        const int statusAt = 9;
        const int reasonAt = statusAt + 4;
        bool isStatusLine =
            line.Length >= statusAt + 3
            && line.StartsWith("HTTP/1."u8)
            && line[7] is (byte)'0' or (byte)'1'
            && line[8] == ' '
            && (line.Length == statusAt + 3 || line[statusAt + 3] == ' ')
            && line[statusAt] is >= (byte)'1' and <= (byte)'5';
        if (!isStatusLine || !HttpNumber.TryParse(Encoding.ASCII.GetString(line.Slice(statusAt, 3)), out long status))
        {
            throw Bad(0, "this is no HTTP/1 response");
        }
        string reason = line.Length > reasonAt ? Value(line[reasonAt..], 0) : "";
        return new HttpResponseHead { Status = (int)status, Reason = reason };
    }

    private static HttpResponseHead ReadHeader(HttpResponseHead head, int at, string name, string value)
    {
        switch (name.ToLowerInvariant())
        {
            case "content-length":
                if (!HttpNumber.TryParse(value, out long length) || (head.ContentLength is { } before && before != length))
                {
                    throw Bad(at, $"Content-Length {value}");
                }
                return head with { ContentLength = length };
            case "transfer-encoding":
                return value.Equals("chunked", StringComparison.OrdinalIgnoreCase)
                    ? head with
                    {
                        IsChunked = true,
                    }
                    : throw Bad(at, $"Transfer-Encoding {value}; only chunked is known");
            case "content-range":
                return head with { ContentRange = HttpContentRange.Parse(value) };
            case "etag":
                bool isStrong =
                    value.Length >= 2 && value[0] == '"' && value[^1] == '"' && !value.AsSpan(1, value.Length - 2).Contains('"');
                return head with { StrongTag = isStrong ? value : null };
            case "location":
                return head with { Location = value };
            case "retry-after":
                return head with { RetryAfterSeconds = HttpNumber.TryParse(value, out long seconds) ? seconds : null };
            case "content-encoding":
                return head with { ContentEncoding = value.Equals("identity", StringComparison.OrdinalIgnoreCase) ? null : value };
            default:
                return head;
        }
    }

    /// <summary>A header's value without white space at its ends. Control characters are refused; bytes above ASCII become question marks.</summary>
    private static string Value(ReadOnlySpan<byte> bytes, int at)
    {
        ReadOnlySpan<byte> value = bytes.Trim(" \t"u8);
        foreach (byte b in value)
        {
            if (b is < (byte)' ' and not (byte)'\t' or 0x7F)
            {
                throw Bad(at, $"control character 0x{b:x2}");
            }
        }
        return Encoding.ASCII.GetString(value);
    }

    private static ReadOnlySpan<byte> NextLine(ReadOnlySpan<byte> head, ref int at)
    {
        int start = at;
        int length = head[start..].IndexOf((byte)'\n');
        if (length < 0)
        {
            throw Bad(start, "a line without its end");
        }
        at = start + length + 1;
        ReadOnlySpan<byte> line = head.Slice(start, length);
        return line.EndsWith("\r"u8) ? line[..^1] : line;
    }

    private static InvalidDataException Bad(int at, string why) => new($"HTTP response, byte {at}: {why}");
}
