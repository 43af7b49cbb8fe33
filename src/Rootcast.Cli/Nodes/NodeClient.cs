using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Rootcast.Contract;
using Rootcast.Protocols.Http;
using Rootcast.Server.Api;

namespace Rootcast.Cli.Nodes;

/// <summary>Asks a boot server's API. One request a connection, by our own reader of responses: .NET's client would make the program larger by megabytes.</summary>
internal sealed class NodeClient
{
    /// <summary>Where a server is that was started without options on this host.</summary>
    public const string UsualServer = "http://127.0.0.1:8080";

    /// <summary>Names the server.</summary>
    public const string ServerVariable = "ROOTCAST_SERVER";

    /// <summary>Holds the token.</summary>
    public const string TokenVariable = "ROOTCAST_TOKEN";

    private const int LongestAnswer = 256 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly HttpUrl server;
    private readonly string? token;
    private readonly X509ChainPolicy? trust;

    /// <summary>Of a server.</summary>
    /// <param name="server">Its URL; null for what the environment says.</param>
    /// <param name="token">The token; null for what the environment says, or the state directory of this host has.</param>
    /// <param name="authority">PEM file of the authority to judge an HTTPS server by; null for those of this host.</param>
    public NodeClient(string? server, string? token, string? authority)
    {
        string address = server ?? Environment.GetEnvironmentVariable(ServerVariable) ?? UsualServer;
        if (!HttpUrl.TryParse(address.TrimEnd('/') + NodeApi.Root, out HttpUrl? url))
        {
            throw new UserError($"'{address}' is no server's URL.", "Write --server http://HOST:PORT.", UserErrorKind.Input);
        }
        this.server = url!;
        this.token = (token ?? Environment.GetEnvironmentVariable(TokenVariable) ?? StateToken())?.Trim();
        trust = authority is null ? null : Trusting(authority);
        if (this.token?.AsSpan().ContainsAnyExceptInRange('!', '~') == true)
        {
            throw new UserError(
                "This is no token: it has spaces or control characters.",
                "Give it as the server showed it.",
                UserErrorKind.Input
            );
        }
    }

    /// <summary>Asks for something.</summary>
    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        SendAsync("GET", path, null, type, cancellation);

    /// <summary>Does something.</summary>
    /// <param name="method">HTTP's method.</param>
    /// <param name="path">Below the API's root.</param>
    /// <param name="body">What is sent; null for nothing.</param>
    /// <param name="type">What comes back.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="UserError">The server is not there, or refuses.</exception>
    public async Task<T> SendAsync<T>(string method, string path, byte[]? body, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            (int status, byte[] answer) = await AskAsync(method, path, body ?? [], patience.Token);
            return status is >= 200 and < 300
                ? JsonSerializer.Deserialize(answer, type) ?? throw new JsonException("null")
                : throw Refused(status, answer);
        }
        catch (Exception error)
            when (error is SocketException or IOException or InvalidDataException or AuthenticationException or JsonException
                || (error is OperationCanceledException && !cancellation.IsCancellationRequested)
            )
        {
            throw new UserError(
                $"The boot server {server with { Target = "/" }} does not answer as one: {error.Message}",
                $"Start it with 'rootcast serve', or name another by --server URL or {ServerVariable}.",
                cause: error
            );
        }
    }

    private async Task<(int Status, byte[] Content)> AskAsync(string method, string path, byte[] body, CancellationToken cancellation)
    {
        using TcpClient connection = new();
        await connection.ConnectAsync(server.Host, server.Port, cancellation);
        await using Stream stream = server.Scheme == "https" ? await SecureAsync(connection, cancellation) : connection.GetStream();
        string head =
            $"{method} {server.Target}{path} HTTP/1.1\r\nHost: {server.Authority}\r\nUser-Agent: rootcast\r\nConnection: close\r\n"
            + (token is { Length: > 0 } ? $"Authorization: Bearer {token}\r\n" : "")
            + $"Content-Type: application/json\r\nContent-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n";
        await stream.WriteAsync(new ReadOnlyMemory<byte>([.. Encoding.ASCII.GetBytes(head), .. body]), cancellation);
        return await ReadAsync(stream, cancellation);
    }

    /// <summary>The answer, to the connection's end.</summary>
    private static async Task<(int Status, byte[] Content)> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        using MemoryStream answer = new();
        byte[] buffer = new byte[1 << 16];
        while (await stream.ReadAsync(buffer, cancellation) is var got and > 0)
        {
            answer.Write(buffer, 0, got);
            if (answer.Length > LongestAnswer)
            {
                throw new InvalidDataException($"the answer has more than {LongestAnswer} bytes");
            }
        }
        byte[] bytes = answer.ToArray();
        int length = HttpResponseReader.HeadLength(bytes);
        if (length == 0)
        {
            throw new EndOfStreamException("the connection ended without an answer");
        }
        HttpResponseHead head = HttpResponseReader.Read(bytes.AsSpan(0, length));
        byte[] content = bytes[length..];
        if (head.IsChunked)
        {
            HttpChunkReader chunks = new();
            int count = chunks.Read(content, content, out _);
            return chunks.IsAtEnd
                ? (head.Status, content[..count])
                : throw new EndOfStreamException("the connection ended within the answer");
        }
        return head.ContentLength is null || head.ContentLength == content.Length
            ? (head.Status, content)
            : throw new EndOfStreamException("the connection ended within the answer");
    }

    private async Task<SslStream> SecureAsync(TcpClient connection, CancellationToken cancellation)
    {
        SslStream secure = new(connection.GetStream());
        try
        {
            await secure.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = server.Host, CertificateChainPolicy = trust },
                cancellation
            );
            return secure;
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }

    private static UserError Refused(int status, byte[] answer)
    {
        if (status == 401)
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
            ? new UserError($"The boot server answers {status}.", "Look at its log; a server of an older version has no nodes.")
            : new UserError(data.Error, data.Hint, status == 400 ? UserErrorKind.Input : UserErrorKind.Failed);
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

    private static X509ChainPolicy Trusting(string file)
    {
        try
        {
            X509Certificate2Collection authorities = [];
            authorities.ImportFromPemFile(file);
            X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            return policy;
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
