using System.Net;
using System.Security.Authentication;
using Rootcast.Linux.Network;
using Rootcast.Protocols.Http;
using Rootcast.Protocols.Tls;

namespace Rootcast.Init.Carriers;

/// <summary>One request on one connection: head, then content.</summary>
public sealed class HttpExchange : IDisposable
{
    private readonly IByteConnection socket;
    private readonly TimeSpan readTimeout;
    private readonly byte[] buffer = new byte[HttpLayout.LongestHead];
    private readonly HttpChunkReader? chunks;
    private int start;
    private int end;
    private long left;

    private HttpExchange(IByteConnection socket, HttpUrl url, TimeSpan readTimeout)
    {
        this.socket = socket;
        this.readTimeout = readTimeout;
        Url = url;
        Head = ReadHead();
        chunks = Head.IsChunked ? new HttpChunkReader() : null;
        left = Head.ContentLength ?? long.MaxValue;
    }

    /// <summary>What was asked for.</summary>
    public HttpUrl Url { get; }

    /// <summary>The server's answer.</summary>
    public HttpResponseHead Head { get; }

    /// <summary>Connects, asks, and reads the head.</summary>
    /// <param name="url">What is fetched.</param>
    /// <param name="address">Of its host.</param>
    /// <param name="offset">First byte that is wanted.</param>
    /// <param name="tag">See <see cref="HttpRequestWriter.Get"/>.</param>
    /// <param name="limits">How long each step may take.</param>
    /// <exception cref="Linux.LinuxException">The connection cannot be made, breaks or stalls.</exception>
    /// <exception cref="InvalidDataException">What answers does not speak HTTP.</exception>
    /// <exception cref="AuthenticationException">By https: the server is not the one that was asked for.</exception>
    public static HttpExchange Open(HttpUrl url, IPAddress address, long offset, string? tag, HttpFetchLimits limits)
    {
        IByteConnection connection = Connect(url, address, limits);
        try
        {
            connection.Write(HttpRequestWriter.Get(url, offset, tag), limits.ReadTimeout);
            return new HttpExchange(connection, url, limits.ReadTimeout);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Connects, sends plain text, and reads the head of the answer.</summary>
    /// <param name="url">Where it goes.</param>
    /// <param name="address">Of its host.</param>
    /// <param name="content">The text.</param>
    /// <param name="limits">How long each step may take.</param>
    /// <exception cref="Linux.LinuxException">See <see cref="Open"/>.</exception>
    public static HttpExchange Post(HttpUrl url, IPAddress address, ReadOnlySpan<byte> content, HttpFetchLimits limits)
    {
        IByteConnection connection = Connect(url, address, limits);
        try
        {
            connection.Write([.. HttpRequestWriter.Post(url, content.Length), .. content], limits.ReadTimeout);
            return new HttpExchange(connection, url, limits.ReadTimeout);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static IByteConnection Connect(HttpUrl url, IPAddress address, HttpFetchLimits limits)
    {
        InternetSocket plain = InternetSocket.ConnectTcp(address, url.Port, limits.ConnectTimeout);
        if (url.Scheme != "https")
        {
            return plain;
        }
        IPAddress? asked = IPAddress.TryParse(url.Host, out IPAddress? parsed) ? parsed : null;
        TlsConnection secure = TlsConnection.Open(plain, asked is null ? url.Host : null, limits.Authorities.Span, limits.ReadTimeout);
        if (asked is not null && !CertificateAddresses.Has(secure.PeerCertificate, asked))
        {
            secure.Dispose();
            throw new AuthenticationException($"its certificate is not for {asked}");
        }
        return secure;
    }

    /// <summary>The next bytes of the content; 0 at its end.</summary>
    /// <exception cref="EndOfStreamException">The connection ended before the content did.</exception>
    /// <exception cref="Linux.LinuxException">The connection broke or stalls.</exception>
    public int Read(Span<byte> destination)
    {
        if (destination.IsEmpty)
        {
            return 0;
        }
        return chunks is null ? ReadPlain(destination) : ReadChunks(chunks, destination);
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private int ReadPlain(Span<byte> destination)
    {
        destination = destination[..(int)Math.Min(destination.Length, left)];
        if (destination.IsEmpty)
        {
            return 0;
        }
        int got;
        if (start < end)
        {
            got = Math.Min(end - start, destination.Length);
            buffer.AsSpan(start, got).CopyTo(destination);
            start += got;
        }
        else
        {
            // Straight into the caller's buffer.
            got = socket.Read(destination, readTimeout);
            if (got == 0 && Head.ContentLength is { } length)
            {
                throw new EndOfStreamException($"the connection ended {left} bytes before the end of {length}");
            }
        }
        left -= Head.ContentLength is null ? 0 : got;
        return got;
    }

    private int ReadChunks(HttpChunkReader reader, Span<byte> destination)
    {
        while (!reader.IsAtEnd)
        {
            if (start == end)
            {
                start = 0;
                end = socket.Read(buffer, readTimeout);
                if (end == 0)
                {
                    throw new EndOfStreamException("the connection ended within a chunk");
                }
            }
            int got = reader.Read(buffer.AsSpan(start, end - start), destination, out int consumed);
            start += consumed;
            if (got > 0)
            {
                return got;
            }
        }
        return 0;
    }

    private HttpResponseHead ReadHead()
    {
        while (true)
        {
            int length = HttpResponseReader.HeadLength(buffer.AsSpan(start, end - start));
            if (length > 0)
            {
                HttpResponseHead head = HttpResponseReader.Read(buffer.AsSpan(start, length));
                start += length;
                if (!head.IsInterim)
                {
                    return head;
                }
                // Room for the real one.
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                end -= start;
                start = 0;
                continue;
            }
            if (end == buffer.Length)
            {
                throw new InvalidDataException($"HTTP response: the heads have more than {HttpLayout.LongestHead} bytes");
            }
            int got = socket.Read(buffer.AsSpan(end), readTimeout);
            if (got == 0)
            {
                throw new EndOfStreamException("the server closed the connection without an answer");
            }
            end += got;
        }
    }
}
