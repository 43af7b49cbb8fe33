using System.Globalization;
using System.Text;

namespace Rootcast.Protocols.Http;

/// <summary>Writes HTTP/1.1 requests.</summary>
public static class HttpRequestWriter
{
    /// <summary>The head of a POST of plain text. The connection serves this request alone.</summary>
    /// <param name="url">Where it goes.</param>
    /// <param name="length">Bytes of content that follow.</param>
    public static byte[] Post(HttpUrl url, int length) =>
        Encoding.ASCII.GetBytes(
            $"POST {url.Target} HTTP/1.1\r\nHost: {url.Authority}\r\nUser-Agent: rootcast\r\nConnection: close\r\n"
                + $"Content-Type: text/plain\r\nContent-Length: {length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n"
        );

    /// <summary>A GET of a whole content, or of its rest. The connection serves this request alone.</summary>
    /// <param name="url">What is fetched.</param>
    /// <param name="offset">First byte that is wanted.</param>
    /// <param name="tag">Strong ETag of what the bytes before belong to: when it is another by now, the whole comes. Null asks without condition.</param>
    public static byte[] Get(HttpUrl url, long offset = 0, string? tag = null)
    {
        StringBuilder head = new();
        head.Append("GET ").Append(url.Target).Append(" HTTP/1.1\r\nHost: ").Append(url.Authority);
        head.Append("\r\nUser-Agent: rootcast\r\nAccept: */*\r\nAccept-Encoding: identity\r\nConnection: close\r\n");
        if (offset > 0)
        {
            head.Append("Range: bytes=").Append(offset.ToString(CultureInfo.InvariantCulture)).Append("-\r\n");
            if (tag is not null)
            {
                head.Append("If-Range: ").Append(tag).Append("\r\n");
            }
        }
        return Encoding.ASCII.GetBytes(head.Append("\r\n").ToString());
    }
}
