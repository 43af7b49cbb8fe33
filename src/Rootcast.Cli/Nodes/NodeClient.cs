using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Rootcast.Contract;
using Rootcast.Server.Api;

namespace Rootcast.Cli.Nodes;

/// <summary>Asks a boot server's API.</summary>
internal sealed class NodeClient : IDisposable
{
    /// <summary>Where a server is that was started without options on this host.</summary>
    public const string UsualServer = "http://127.0.0.1:8080";

    /// <summary>Names the server.</summary>
    public const string ServerVariable = "ROOTCAST_SERVER";

    /// <summary>Holds the token.</summary>
    public const string TokenVariable = "ROOTCAST_TOKEN";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly HttpClient client;

    /// <summary>Of a server.</summary>
    /// <param name="server">Its URL; null for what the environment says.</param>
    /// <param name="token">The token; null for what the environment says, or the state directory of this host has.</param>
    /// <param name="authority">PEM file of the authority to judge an HTTPS server by; null for those of this host.</param>
    public NodeClient(string? server, string? token, string? authority)
    {
        string address = server ?? Environment.GetEnvironmentVariable(ServerVariable) ?? UsualServer;
        if (!Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new UserError($"'{address}' is no server's URL.", "Write --server http://HOST:PORT.", UserErrorKind.Input);
        }
        SocketsHttpHandler handler = new() { AllowAutoRedirect = false, UseProxy = false };
        if (authority is not null)
        {
            handler.SslOptions = Trusting(authority);
        }
        client = new HttpClient(handler) { BaseAddress = uri, Timeout = Patience };
        if ((token ?? Environment.GetEnvironmentVariable(TokenVariable) ?? StateToken()) is { Length: > 0 } found)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", found.Trim());
        }
    }

    /// <summary>Asks for something.</summary>
    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, path, null, type, cancellation);

    /// <summary>Does something.</summary>
    /// <param name="method">HTTP's method.</param>
    /// <param name="path">Below the API's root.</param>
    /// <param name="body">What is sent; null for nothing.</param>
    /// <param name="type">What comes back.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="UserError">The server is not there, or refuses.</exception>
    public async Task<T> SendAsync<T>(HttpMethod method, string path, byte[]? body, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        try
        {
            using HttpRequestMessage request = new(method, NodeApi.Root.TrimStart('/') + path);
            if (body is not null)
            {
                request.Content = new ByteArrayContent(body);
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            }
            using HttpResponseMessage response = await client.SendAsync(request, cancellation);
            byte[] answer = await response.Content.ReadAsByteArrayAsync(cancellation);
            if (!response.IsSuccessStatusCode)
            {
                throw Refused(response.StatusCode, answer);
            }
            return JsonSerializer.Deserialize(answer, type) ?? throw new JsonException("null");
        }
        catch (Exception error) when (error is HttpRequestException or JsonException || IsTimeout(error, cancellation))
        {
            throw new UserError(
                $"The boot server {client.BaseAddress} does not answer as one: {error.Message}",
                $"Start it with 'rootcast serve', or name another by --server URL or {ServerVariable}.",
                cause: error
            );
        }
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private static bool IsTimeout(Exception error, CancellationToken cancellation) =>
        error is OperationCanceledException && !cancellation.IsCancellationRequested;

    private static UserError Refused(HttpStatusCode status, byte[] answer)
    {
        if (status == HttpStatusCode.Unauthorized)
        {
            return new UserError(
                "The boot server wants a token for this.",
                $"Give the one that it showed when it first started by --token or {TokenVariable}; beside a state directory it is in DIR/{ServeState.TokenFile}.",
                UserErrorKind.Input
            );
        }
        ErrorData? data = null;
        try
        {
            data = JsonSerializer.Deserialize(answer, ApiJson.Default.ErrorData);
        }
        catch (JsonException)
        {
            // Not of the API: a proxy in front of it, or another server.
        }
        return data is null
            ? new UserError($"The boot server answers {(int)status}.", "Look at its log; a server of an older version has no nodes.")
            : new UserError(data.Error, data.Hint, status == HttpStatusCode.BadRequest ? UserErrorKind.Input : UserErrorKind.Failed);
    }

    private static string? StateToken()
    {
        string file = Path.Combine(ServeState.UsualDirectory, ServeState.TokenFile);
        try
        {
            return File.Exists(file) ? File.ReadAllText(file) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Another user's: what needs no token works without.
            return null;
        }
    }

    private static SslClientAuthenticationOptions Trusting(string file)
    {
        try
        {
            X509Certificate2Collection authorities = [];
            authorities.ImportFromPemFile(file);
            X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }
        catch (Exception error)
            when (error is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new UserError(
                $"The authority {file} cannot be read: {error.Message}",
                "Name a PEM file with certificates.",
                UserErrorKind.Input,
                error
            );
        }
    }
}
