using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Rootcast.Contract;
using Rootcast.Server.Http;

namespace Rootcast.Server.Api;

/// <summary>A request to the API, with what its path names.</summary>
/// <param name="Request">The request.</param>
/// <param name="Name">What stands at the placeholder of the route; empty where there is none.</param>
internal readonly record struct ApiCall(ReceivedRequest Request, string Name)
{
    /// <summary>What the request brings.</summary>
    /// <exception cref="UserError">It is not understood.</exception>
    public T Body<T>(JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(Request.Body.Span, type) ?? throw new JsonException("null");
        }
        catch (JsonException error)
        {
            throw new UserError(
                $"The request's JSON is not understood: {error.Message}",
                $"{NodeApi.Document} says what is.",
                UserErrorKind.Input,
                error
            );
        }
    }
}
