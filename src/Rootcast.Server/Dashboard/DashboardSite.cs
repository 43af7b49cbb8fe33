using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Rootcast.Contract;
using Rootcast.Server.Api;
using Rootcast.Server.Http;

namespace Rootcast.Server.Dashboard;

/// <summary>The pages for people at <c>/dashboard</c>, and at <c>/</c> for browsers: what they show is the API's, and what changes it.</summary>
/// <param name="feed">What changes.</param>
/// <param name="operators">Who may change something.</param>
/// <param name="options">What else there is to see.</param>
internal sealed class DashboardSite(DashboardFeed feed, OperatorSignIn operators, DashboardOptions options)
{
    /// <summary>Where it is.</summary>
    public const string Path = DashboardOptions.Path;

    private const string Events = Path + "/events";
    private const string Session = Path + "/session";
    private const string Reports = Path + "/reports";
    private const int LongestSignIn = 1024;

    /// <summary>More than that is not even read: the connection ends.</summary>
    private const int LongestBody = 16 * 1024;

    /// <summary>Nothing but this server's own files; text never becomes markup or script (trusted types).</summary>
    private const string PagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; form-action 'none'; base-uri 'none'; "
        + "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    /// <summary>A report has its script and style within. It gets an origin of its own: nothing of this server's, no cookie and no network.</summary>
    private const string ReportPolicy =
        "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'";

    private readonly DashboardPages pages = new();

    /// <summary>Answers; null where the path is not the dashboard's.</summary>
    public async Task<long?> AnswerAsync(HttpContext context, string path)
    {
        if (path != Path && !path.StartsWith(Path + "/", StringComparison.Ordinal) && !(path == "/" && IsBrowser(context.Request)))
        {
            return null;
        }
        PageSafety.Set(context.Response, PagePolicy);
        try
        {
            return await FindAsync(context, path);
        }
        catch (UserError error) when (!context.Response.HasStarted)
        {
            // The state cannot be used.
            return await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, error.Message, error.Hint);
        }
    }

    private async Task<long> FindAsync(HttpContext context, string path)
    {
        if (path == Session)
        {
            return await SessionAsync(context);
        }
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            return Empty(context, StatusCodes.Status405MethodNotAllowed);
        }
        return path switch
        {
            "/" or Path => await PageAsync(context, "dashboard.html"),
            Events when HttpMethods.IsGet(context.Request.Method) => await EventsAsync(context),
            Reports => await JsonAsync(context, options.Reports(), DashboardJson.Default.IReadOnlyListMeasuredReport),
            _ => path.StartsWith(Reports + "/", StringComparison.Ordinal)
                ? await ReportAsync(context, path[(Reports.Length + 1)..])
                : await PageAsync(context, path[(Path.Length + 1)..]),
        };
    }

    /// <summary>Programs that ask for <c>/</c> get text.</summary>
    private static bool IsBrowser(HttpRequest request) => request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    private async Task<long> PageAsync(HttpContext context, string name)
    {
        if (pages.Find(name) is not { } page)
        {
            return Empty(context, StatusCodes.Status404NotFound);
        }
        HttpResponse response = context.Response;
        response.Headers.CacheControl = "no-cache";
        response.Headers.ETag = page.Tag;
        if (context.Request.Headers.IfNoneMatch.ToString().Contains(page.Tag, StringComparison.Ordinal))
        {
            return Empty(context, StatusCodes.Status304NotModified);
        }
        return await WriteAsync(context, page.Bytes, page.Type);
    }

    private async Task<long> ReportAsync(HttpContext context, string name)
    {
        // Looked up among those that were found; a name is never a path.
        if (options.Reports().FirstOrDefault(report => report.Name == name) is not { } found)
        {
            return Empty(context, StatusCodes.Status404NotFound);
        }
        PageSafety.Set(context.Response, ReportPolicy);
        context.Response.Headers.CacheControl = "no-cache";
        try
        {
            return await WriteAsync(context, await File.ReadAllBytesAsync(found.File, context.RequestAborted), "text/html; charset=utf-8");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException && !context.Response.HasStarted)
        {
            return Empty(context, StatusCodes.Status404NotFound);
        }
    }

    private async Task<long> EventsAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        string? last = request.Headers["Last-Event-ID"] is [{ Length: > 0 } sent] ? sent : request.Query["last"];
        if (feed.Listen(last) is not { } listener)
        {
            context.Response.Headers.RetryAfter = "30";
            return Empty(context, StatusCodes.Status503ServiceUnavailable);
        }
        long bytes = 0;
        try
        {
            HttpResponse response = context.Response;
            response.ContentType = "text/event-stream";
            response.Headers.CacheControl = "no-store";
            // nginx would keep events until its buffer is full.
            response.Headers["X-Accel-Buffering"] = "no";
            await foreach (byte[] frame in listener.Reader.ReadAllAsync(context.RequestAborted))
            {
                await response.BodyWriter.WriteAsync(frame, context.RequestAborted);
                bytes += frame.Length;
            }
        }
        catch (OperationCanceledException)
        {
            // The browser has gone.
        }
        finally
        {
            feed.Leave(listener);
        }
        return bytes;
    }

    private async Task<long> SessionAsync(HttpContext context)
    {
        ReceivedRequest request = RequestReceiving.Read(context, Session, []);
        switch (context.Request.Method)
        {
            case "GET":
                return await SayAsync(context, request);
            case "DELETE":
                if (!operators.MayChange(request) || request.Session is not { } ended)
                {
                    return await RefuseAsync(context, StatusCodes.Status401Unauthorized, "This browser is not signed in.");
                }
                operators.Sessions.End(ended);
                context.Response.Cookies.Append(RequestReceiving.SessionCookie, "", CookieOf(context, TimeSpan.Zero));
                return await SayAsync(context, request with { Session = null });
            case "POST":
                return await SignInAsync(context, request);
            default:
                context.Response.Headers.Allow = "GET, POST, DELETE";
                return Empty(context, StatusCodes.Status405MethodNotAllowed);
        }
    }

    private async Task<long> SignInAsync(HttpContext context, ReceivedRequest request)
    {
        // Taken whatever the answer is: what is left of a request ends its connection, and the browser's next one with it.
        SessionRequest? asked = null;
        try
        {
            asked = await BodyAsync(context);
        }
        catch (Exception error) when (error is JsonException or BadHttpRequestException)
        {
            // As if nothing had come.
        }
        if (!request.IsOwnOrigin)
        {
            return await RefuseAsync(context, StatusCodes.Status403Forbidden, "Another server's page may not sign you in here.");
        }
        if (asked is null)
        {
            return await RefuseAsync(context, StatusCodes.Status400BadRequest, "The request is not understood.");
        }
        IPAddress address = ContentAnswer.Plain(context.Connection.RemoteIpAddress);
        (string? session, int seconds) = await operators.TryAsync(asked.Secret, address, context.RequestAborted);
        if (session is null)
        {
            if (seconds > 0)
            {
                context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
                return await RefuseAsync(
                    context,
                    StatusCodes.Status429TooManyRequests,
                    $"Too many wrong passwords came from {address}. Try again in {1 + (seconds / 60)} minutes, or sign in with the token."
                );
            }
            return await RefuseAsync(
                context,
                StatusCodes.Status401Unauthorized,
                operators.HasPassword ? "That is neither the password nor the token." : "That is not the token."
            );
        }
        context.Response.Cookies.Append(RequestReceiving.SessionCookie, session, CookieOf(context, OperatorSessions.Life));
        return await SayAsync(context, request with { Session = session, Token = null });
    }

    private async Task<long> SayAsync(HttpContext context, ReceivedRequest request)
    {
        bool hasSession = operators.Sessions.Who(request.Session) is not null;
        // A proxy in front that knows who somebody is puts the token in itself.
        bool isSignedIn = hasSession || operators.IsToken(request.Token);
        SessionData data = new(isSignedIn, hasSession ? OperatorSessions.ProofOf(request.Session!) : null, operators.HasPassword);
        return await JsonAsync(context, data, DashboardJson.Default.SessionData);
    }

    /// <summary>A proxy that speaks HTTPS for this server says so; who lies about it gets a cookie that his browser does not send.</summary>
    private static CookieOptions CookieOf(HttpContext context, TimeSpan life) =>
        new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps || context.Request.Headers["X-Forwarded-Proto"] == "https",
            Path = "/",
            MaxAge = life,
        };

    private static async Task<SessionRequest?> BodyAsync(HttpContext context)
    {
        if (context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = LongestBody;
        }
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.Length > LongestSignIn ? null : JsonSerializer.Deserialize(body.ToArray(), DashboardJson.Default.SessionRequest);
    }

    private static Task<long> RefuseAsync(HttpContext context, int status, string error, string hint = "")
    {
        context.Response.StatusCode = status;
        return JsonAsync(context, new ErrorData(error, hint), ApiJson.Default.ErrorData);
    }

    private static Task<long> JsonAsync<T>(HttpContext context, T data, JsonTypeInfo<T> type)
    {
        context.Response.Headers.CacheControl = "no-store";
        return WriteAsync(context, JsonSerializer.SerializeToUtf8Bytes(data, type), "application/json; charset=utf-8");
    }

    private static async Task<long> WriteAsync(HttpContext context, byte[] bytes, string type)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = bytes.Length;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return 0;
        }
        await context.Response.BodyWriter.WriteAsync(bytes, context.RequestAborted);
        return bytes.Length;
    }

    private static long Empty(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return 0;
    }
}
