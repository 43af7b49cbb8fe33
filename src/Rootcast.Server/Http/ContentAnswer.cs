using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Rootcast.Contract;
using Rootcast.Server.Content;
using Rootcast.Server.Nodes;

namespace Rootcast.Server.Http;

/// <summary>Answers one request.</summary>
/// <param name="options">What is served.</param>
/// <param name="guard">Knows the connections.</param>
/// <param name="count">Told of each buffer that went out: the path and how many bytes.</param>
internal sealed class ContentAnswer(ArtefactServerOptions options, ConnectionGuard guard, Action<string, long> count)
{
    /// <summary>Less than that is no download: somebody who looks, or takes blocks one by one.</summary>
    private const long SmallestDownload = 1 << 20;

    /// <summary>Scripts are shorter, kernels and initrds longer.</summary>
    private const long SmallestLoad = 64 << 10;

    private readonly DownloadAdmission admission = new(options.MostDownloads, options.DownloadHold, TimeProvider.System);

    private long bytesSent;

    /// <summary>Downloads that run, and machines that wait for their turn.</summary>
    public (int Running, int Waiting) Downloads => admission.State;

    /// <summary>Bytes of content given to connections so far.</summary>
    public long Sent => Interlocked.Read(ref bytesSent);

    /// <summary>HTTPS's port, once it is known.</summary>
    public int? SecurePort { get; set; }

    /// <summary>Writes head and content, and tells of it.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        long started = Stopwatch.GetTimestamp();
        bool told = false;
        long sent = 0;
        try
        {
            sent = await AnswerAsync(context, Tell);
        }
        finally
        {
            if (!told)
            {
                Tell(sent);
            }
        }

        void Tell(long bytes)
        {
            told = true;
            options.Answered?.Invoke(
                new AnsweredRequest(
                    Plain(context.Connection.RemoteIpAddress),
                    context.Request.Method,
                    context.Request.GetEncodedPathAndQuery(),
                    context.Response.StatusCode,
                    bytes,
                    Stopwatch.GetElapsedTime(started)
                )
            );
        }
    }

    private async Task<long> AnswerAsync(HttpContext context, Action<long> tell)
    {
        HttpRequest request = context.Request;
        HttpResponse response = context.Response;
        if (guard.Open > options.MostKept)
        {
            response.Headers.Connection = "close";
        }
        bool isHead = HttpMethods.IsHead(request.Method);
        string path = ContentRequest.Clean(request.Path.Value ?? "");
        if (options.Pages is { } pages && await pages(context, path) is { } written)
        {
            return written;
        }
        int limit = options.Receive is null ? 0 : options.ReceiveLimit(path);
        if (limit == 0 && !isHead && !HttpMethods.IsGet(request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = "GET, HEAD";
            return 0;
        }
        if (
            (limit > 0 ? await RequestReceiving.AnswerAsync(context, path, limit, options.Receive!) : Find(context, path))
            is not { } content
        )
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return 0;
        }
        using ContentReader? reader = ContentReader.TryOpen(content);
        if (reader is null)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return 0;
        }
        long total = content.Length;
        response.StatusCode = content.Status;
        if (content.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }
        response.ContentType = content.ContentType;
        response.Headers.CacheControl =
            content.IsImmutable ? "public, max-age=31536000, immutable"
            : limit > 0 ? "no-store"
            : "no-cache";
        if (limit > 0)
        {
            PageSafety.Set(response, PageSafety.Nothing);
        }
        ByteRange range = new(ByteRangeKind.Whole, 0, total);
        if (content.Tag is { } tag)
        {
            tag = $"\"{tag}\"";
            response.Headers.ETag = tag;
            response.Headers.AcceptRanges = "bytes";
            if (Matches(request.Headers.IfNoneMatch.ToString(), tag))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return 0;
            }
            range = RangeOf(request, tag, total);
        }
        switch (range.Kind)
        {
            case ByteRangeKind.Unsatisfiable:
                response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                response.Headers.ContentRange = $"bytes */{total}";
                return 0;
            case ByteRangeKind.Part:
                response.StatusCode = StatusCodes.Status206PartialContent;
                response.Headers.ContentRange = $"bytes {range.Offset}-{range.Offset + range.Length - 1}/{total}";
                break;
        }
        if (isHead || RankOf(request, path, range) is not { } rank)
        {
            response.ContentLength = range.Length;
            return isHead ? 0 : await SendAsync(response.BodyWriter, reader, path, range, tell, context.RequestAborted);
        }
        IPAddress client = Plain(context.Connection.RemoteIpAddress);
        int seconds = await admission.EnterAsync(client, rank, context.RequestAborted);
        if (seconds > 0)
        {
            Later(context, seconds);
            return 0;
        }
        try
        {
            response.ContentLength = range.Length;
            return await SendAsync(response.BodyWriter, reader, path, range, tell, context.RequestAborted);
        }
        finally
        {
            admission.Leave();
        }
    }

    /// <summary>In what rank it waits for its turn; null for what is sent at once.</summary>
    private DownloadRank? RankOf(HttpRequest request, string path, ByteRange range)
    {
        if (range.Length >= SmallestDownload && BlobPath.Hex(path) is { } hex && options.IsDownload?.Invoke(hex) == true)
        {
            return range.Offset > 0 ? DownloadRank.Part : DownloadRank.Kernel;
        }
        // iPXE asks again after the seconds of a Retry-After; other firmware takes a 503 for the end.
        return range.Length < SmallestLoad || !request.Headers.UserAgent.ToString().StartsWith("iPXE/", StringComparison.Ordinal) ? null
            : request.Query["is"] == BootStages.Initrd ? DownloadRank.Kernel
            : DownloadRank.Nothing;
    }

    /// <summary>Tells a machine to ask again, and those who read its screen why.</summary>
    private void Later(HttpContext context, int seconds)
    {
        context.Response.Headers.Clear();
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers.CacheControl = "no-store";
        (int running, int waiting) = admission.State;
        context.Features.Get<IHttpResponseFeature>()!.ReasonPhrase = string.Create(
            CultureInfo.InvariantCulture,
            $"Busy, {running} downloads run and {waiting} machines wait"
        );
    }

    /// <summary>What the path leads to; what its asker can mend is said in words.</summary>
    private ServedContent? Find(HttpContext context, string path)
    {
        if (BlobPath.Hex(path) is { } hex)
        {
            return options.FindBlob(hex) is { } file && File.Exists(file) ? ServedContent.OfBlob(file, hex) : null;
        }
        if (options.Find is not { } find)
        {
            return null;
        }
        string authority = AuthorityOf(context);
        if (!ContentRequest.IsAuthority(authority))
        {
            return ServedContent.OfText("The Host header is no name or address.\n", StatusCodes.Status400BadRequest);
        }
        Dictionary<string, string> query = QueryOf(context.Request);
        try
        {
            return find(
                new ContentRequest
                {
                    Path = path,
                    Authority = authority,
                    Scheme = context.Request.IsHttps ? "https" : "http",
                    SecureAuthority =
                        SecurePort is not { } port ? null
                        : context.Request.IsHttps ? authority
                        : $"{new HostString(authority).Host}:{port}",
                    Client = Plain(context.Connection.RemoteIpAddress).ToString(),
                    Query = query,
                }
            );
        }
        catch (UserError error)
        {
            int status = error.Kind == UserErrorKind.Input ? StatusCodes.Status404NotFound : StatusCodes.Status503ServiceUnavailable;
            return ServedContent.OfText($"{error.Message}\n{error.Hint}\n", status);
        }
    }

    /// <summary>Where the machine reached this server. UEFI's HTTP Boot (EDK II) leaves the port out of the Host header: an address that is this connection's
    /// own was asked at this connection's port. In front of a proxy the address is another, and the header counts as it is.</summary>
    private static string AuthorityOf(HttpContext context)
    {
        IPEndPoint local = new(Plain(context.Connection.LocalIpAddress), context.Connection.LocalPort);
        HostString host = context.Request.Host;
        bool isThisWithoutPort =
            host is { HasValue: true, Port: null } && IPAddress.TryParse(host.Host, out IPAddress? named) && named.Equals(local.Address);
        return host.HasValue && !isThisWithoutPort ? host.Value! : local.ToString();
    }

    private async Task<long> SendAsync(
        PipeWriter body,
        ContentReader reader,
        string path,
        ByteRange range,
        Action<long> tell,
        CancellationToken aborted
    )
    {
        long offset = range.Offset;
        long end = range.Offset + range.Length;
        try
        {
            while (offset < end)
            {
                // Kestrel hands out its own memory for a request of this size from a pool: nothing is copied between here and the socket.
                Memory<byte> place = body.GetMemory((int)Math.Min(options.BufferBytes, end - offset));
                int got = reader.Read(place.Span[..(int)Math.Min(place.Length, end - offset)], offset);
                body.Advance(got);
                offset += got;
                // Before the flush: who has received everything may ask at once what was counted.
                count(path, got);
                Interlocked.Add(ref bytesSent, got);
                if (offset == end)
                {
                    tell(range.Length);
                }
                FlushResult flushed = await body.FlushAsync(aborted);
                if (flushed.IsCompleted || flushed.IsCanceled)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            // The client is gone; it will come again with a Range.
        }
        return offset - range.Offset;
    }

    internal static Dictionary<string, string> QueryOf(HttpRequest request)
    {
        Dictionary<string, string> query = new(StringComparer.Ordinal);
        foreach ((string name, StringValues values) in request.Query)
        {
            query[name] = values.ToString();
        }
        return query;
    }

    /// <summary>An IPv4 address as such, also where it came through a socket of both families.</summary>
    internal static IPAddress Plain(IPAddress? address) =>
        address is null ? IPAddress.None
        : address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : address;

    /// <summary>A range counts only for the content as the client knows it: If-Range with another tag, or with a date, gives the whole.</summary>
    private static ByteRange RangeOf(HttpRequest request, string tag, long total)
    {
        string condition = request.Headers.IfRange.ToString();
        bool counts = condition.Length == 0 || condition == tag;
        return ByteRange.Parse(counts ? request.Headers.Range.ToString() : "", total);
    }

    private static bool Matches(string condition, string tag)
    {
        foreach (Range part in condition.AsSpan().Split(','))
        {
            ReadOnlySpan<char> one = condition.AsSpan(part).Trim();
            if (one.SequenceEqual("*") || one.SequenceEqual(tag) || (one.StartsWith("W/") && one[2..].SequenceEqual(tag)))
            {
                return true;
            }
        }
        return false;
    }
}
