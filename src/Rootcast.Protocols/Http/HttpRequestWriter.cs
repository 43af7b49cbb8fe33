using System.Globalization;
using System.Text;

namespace Rootcast.Protocols.Http;

/// <summary>Writes HTTP/1.1 requests.</summary>
public static class HttpRequestWriter
{
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
