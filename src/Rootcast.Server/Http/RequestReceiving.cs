using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Rootcast.Contract;
using Rootcast.Server.Content;

namespace Rootcast.Server.Http;

/// <summary>Takes what a request brings, up to a bound, and gives it to whoever answers.</summary>
internal static class RequestReceiving
{
    private const string Bearer = "Bearer ";

    /// <summary>Name of the cookie of browsers that are signed in.</summary>
    public const string SessionCookie = "rootcast-session";

    /// <summary>Name of the header that goes with it.</summary>
    public const string ProofHeader = "X-Rootcast-Proof";

    /// <summary>The answer; null where nothing is.</summary>
    public static async Task<ServedContent?> AnswerAsync(
        HttpContext context,
        string path,
        int limit,
        Func<ReceivedRequest, ServedContent?> answer
    )
    {
        HttpRequest request = context.Request;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = limit;
        }
        using MemoryStream body = new();
        try
        {
            await request.Body.CopyToAsync(body, context.RequestAborted);
        }
        catch (BadHttpRequestException error)
        {
            return ServedContent.OfText($"{error.Message}\nAt most {limit} bytes are taken.\n", error.StatusCode);
        }
        try
        {
            return answer(Read(context, path, body.ToArray()));
        }
        catch (UserError error)
        {
            int status = error.Kind == UserErrorKind.Input ? StatusCodes.Status400BadRequest : StatusCodes.Status503ServiceUnavailable;
            return ServedContent.OfText($"{error.Message}\n{error.Hint}\n", status);
        }
    }

    /// <summary>A request with what it brought.</summary>
    internal static ReceivedRequest Read(HttpContext context, string path, byte[] body)
    {
        HttpRequest request = context.Request;
        string authorization = request.Headers.Authorization.ToString();
        return new ReceivedRequest
        {
            Method = request.Method,
            Path = path,
            Query = ContentAnswer.QueryOf(request),
            Token = authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : null,
            Session = request.Cookies[SessionCookie],
            Proof = request.Headers[ProofHeader] is [{ } proof] ? proof : null,
            IsOwnOrigin = IsOwnOrigin(request),
            Client = ContentAnswer.Plain(context.Connection.RemoteIpAddress).ToString(),
            IsSecure = request.IsHttps,
            Body = body,
        };
    }

    /// <summary>Browsers say for which page they send something; programs say nothing. The scheme is not compared: a proxy in front may speak HTTPS.</summary>
    private static bool IsOwnOrigin(HttpRequest request)
    {
        string origin = request.Headers.Origin.ToString();
        int host = origin.IndexOf("://", StringComparison.Ordinal);
        return origin.Length == 0
            || (host > 0 && string.Equals(origin[(host + 3)..], request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }
}
