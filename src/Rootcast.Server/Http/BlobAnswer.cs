using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Win32.SafeHandles;

namespace Rootcast.Server.Http;

/// <summary>Answers one request for a blob.</summary>
/// <param name="options">Where blobs are.</param>
/// <param name="count">Told of each buffer that went out: the blob's path and how many bytes.</param>
internal sealed class BlobAnswer(ArtefactServerOptions options, Action<string, long> count)
{
    /// <summary>Writes head and content.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        HttpResponse response = context.Response;
        bool isHead = HttpMethods.IsHead(request.Method);
        if (!isHead && !HttpMethods.IsGet(request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = "GET, HEAD";
            return;
        }
        if (BlobPath.Hex(request.Path.Value ?? "") is not { } hex || options.FindBlob(hex) is not { } file)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        using SafeFileHandle? handle = TryOpen(file);
        if (handle is null)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        long total = RandomAccess.GetLength(handle);
        string tag = $"\"{hex}\"";
        response.Headers.ETag = tag;
        response.Headers.AcceptRanges = "bytes";
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        response.ContentType = "application/octet-stream";
        if (Matches(request.Headers.IfNoneMatch.ToString(), tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        ByteRange range = RangeOf(request, tag, total);
        switch (range.Kind)
        {
            case ByteRangeKind.Unsatisfiable:
                response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                response.Headers.ContentRange = $"bytes */{total}";
                return;
            case ByteRangeKind.Part:
                response.StatusCode = StatusCodes.Status206PartialContent;
                response.Headers.ContentRange = $"bytes {range.Offset}-{range.Offset + range.Length - 1}/{total}";
                break;
        }
        response.ContentLength = range.Length;
        if (!isHead)
        {
            await SendAsync(response.BodyWriter, handle, BlobPath.Of($"sha256:{hex}"), range, context.RequestAborted);
        }
    }

    private async Task SendAsync(PipeWriter body, SafeFileHandle handle, string path, ByteRange range, CancellationToken aborted)
    {
        long offset = range.Offset;
        long end = range.Offset + range.Length;
        try
        {
            while (offset < end)
            {
                // Kestrel hands out its own memory for a request of this size from a pool: nothing is copied between here and the socket.
                Memory<byte> place = body.GetMemory((int)Math.Min(options.BufferBytes, end - offset));
                int wanted = (int)Math.Min(place.Length, end - offset);
                int got = RandomAccess.Read(handle, place.Span[..wanted], offset);
                if (got == 0)
                {
                    throw new EndOfStreamException($"{path} ends at byte {offset} while it is sent; it had {end}");
                }
                body.Advance(got);
                offset += got;
                // Before the flush: who has received everything may ask at once what was counted.
                count(path, got);
                FlushResult flushed = await body.FlushAsync(aborted);
                if (flushed.IsCompleted || flushed.IsCanceled)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            // The client is gone; it will come again with a Range.
        }
    }

    private static SafeFileHandle? TryOpen(string file)
    {
        try
        {
            return File.OpenHandle(
                file,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete,
                FileOptions.SequentialScan
            );
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            // Collected between the question and now.
            return null;
        }
    }

    /// <summary>A range counts only for the blob as the client knows it: If-Range with another tag, or with a date, gives the whole.</summary>
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
