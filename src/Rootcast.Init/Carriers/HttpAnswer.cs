using Rootcast.Contract;
using Rootcast.Protocols.Http;

namespace Rootcast.Init.Carriers;

/// <summary>What a fetch does with a server's answer: takes it, tries again later, or gives up at once.</summary>
public static class HttpAnswer
{
    /// <summary>Decides.</summary>
    /// <param name="url">Where it came from, for errors.</param>
    /// <param name="head">The answer.</param>
    /// <param name="offset">The byte that was asked for.</param>
    /// <param name="length">Bytes of the whole artefact by the boot plan.</param>
    /// <exception cref="UserError">Trying again would not help.</exception>
    public static HttpAnswerKind Judge(HttpUrl url, HttpResponseHead head, long offset, long length)
    {
        switch (head.Status)
        {
            case 200:
                CheckContent(url, head, length);
                return HttpAnswerKind.Whole;
            case 206 when offset > 0:
                CheckEncoding(url, head);
                bool isTheRest =
                    head.ContentRange is { } range
                    && range.First == offset
                    && range.Last == length - 1
                    && (range.Total ?? length) == length
                    && (head.ContentLength ?? (length - offset)) == length - offset;
                return isTheRest ? HttpAnswerKind.Rest : HttpAnswerKind.WrongRange;
            case 416 when offset > 0:
                return HttpAnswerKind.WrongRange;
            case 429 or 503 when head.RetryAfterSeconds is not null:
                return HttpAnswerKind.NotYet;
            case 408 or 425 or 429 or >= 500:
                return HttpAnswerKind.Later;
            default:
                throw new UserError(
                    $"{url}: the server answers {head}",
                    head.Status switch
                    {
                        404 or 410 => "Check rootcast.url=, and that the server still has this artefact.",
                        401 or 403 => "The server wants a permission that init has not got: serve the artefact without.",
                        _ => "Check rootcast.url=, and what the server's log says of it.",
                    }
                );
        }
    }

    private static void CheckContent(HttpUrl url, HttpResponseHead head, long length)
    {
        CheckEncoding(url, head);
        if (head.ContentLength is { } told && told != length)
        {
            throw new UserError(
                $"{url} has {told} bytes, the boot plan says {length}",
                "The server has another artefact than the plan's, or only a part of it: copy the right one there, or assemble the initrd again."
            );
        }
    }

    private static void CheckEncoding(HttpUrl url, HttpResponseHead head)
    {
        if (head.ContentEncoding is { } encoding)
        {
            throw new UserError(
                $"{url}: the server sends the artefact with Content-Encoding {encoding}, though it was asked not to",
                "Let the server send the file as it is (in nginx: gzip off)."
            );
        }
    }
}
