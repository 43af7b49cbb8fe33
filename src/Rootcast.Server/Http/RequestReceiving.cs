using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Rootcast.Contract;
using Rootcast.Server.Content;

namespace Rootcast.Server.Http;

/// <summary>Takes what a request brings, up to a bound, and gives it to whoever answers.</summary>
internal static class RequestReceiving
{
    private const string Bearer = "Bearer ";

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
        string authorization = request.Headers.Authorization.ToString();
        try
        {
            return answer(
                new ReceivedRequest
                {
                    Method = request.Method,
                    Path = path,
                    Query = ContentAnswer.QueryOf(request),
                    Token = authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
                        ? authorization[Bearer.Length..].Trim()
                        : null,
                    Client = ContentAnswer.Plain(context.Connection.RemoteIpAddress).ToString(),
                    IsSecure = request.IsHttps,
                    Body = body.ToArray(),
                }
            );
        }
        catch (UserError error)
        {
            int status = error.Kind == UserErrorKind.Input ? StatusCodes.Status400BadRequest : StatusCodes.Status503ServiceUnavailable;
            return ServedContent.OfText($"{error.Message}\n{error.Hint}\n", status);
        }
    }
}
