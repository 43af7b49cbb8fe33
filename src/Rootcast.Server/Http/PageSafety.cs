using Microsoft.AspNetCore.Http;

namespace Rootcast.Server.Http;

/// <summary>What browsers are told of what they may do with an answer.</summary>
internal static class PageSafety
{
    /// <summary>For what is no page: JSON, text.</summary>
    public const string Nothing = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>Sets the headers.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="policy">Content-Security-Policy.</param>
    public static void Set(HttpResponse response, string policy)
    {
        response.Headers.ContentSecurityPolicy = policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
    }
}
