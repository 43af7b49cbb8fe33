using System.Net;
using Rootcast.Server.Api;
using Rootcast.Server.State;

namespace Rootcast.Server.Dashboard;

/// <summary>Who may change something, and how people show that they are it.</summary>
/// <param name="tokens">The tokens.</param>
/// <param name="password">The password.</param>
/// <param name="sessions">Who is signed in.</param>
/// <param name="clock">What time it is.</param>
public sealed class OperatorSignIn(NodeTokens tokens, OperatorPassword password, OperatorSessions sessions, TimeProvider clock)
    : IDisposable
{
    private readonly AttemptLimit attempts = new(clock);

    /// <summary>A password takes a third of a second of a processor: never more than one, whoever asks.</summary>
    private readonly SemaphoreSlim one = new(1);

    /// <summary>Of a state.</summary>
    public static OperatorSignIn Of(StateDatabase state, TimeProvider clock) =>
        new(new NodeTokens(state), new OperatorPassword(state), new OperatorSessions(state, clock), clock);

    /// <summary>Who is signed in.</summary>
    public OperatorSessions Sessions => sessions;

    /// <summary>Whether there is a password beside the token.</summary>
    public bool HasPassword => password.IsSet;

    /// <summary>Whether a request may change something: it has a token, or a browser's session and its proof, and no page of others sent it.</summary>
    internal bool MayChange(Http.ReceivedRequest request) =>
        request.IsOwnOrigin
        && (request.Token is not null ? tokens.IsValid(request.Token) : sessions.MayChange(request.Session, request.Proof));

    /// <summary>Whether a program's token, or that which a proxy in front puts in, is one of ours.</summary>
    internal bool IsToken(string? token) => token is not null && tokens.IsValid(token);

    /// <summary>Looks at what somebody typed.</summary>
    /// <param name="secret">Token or password.</param>
    /// <param name="address">From where.</param>
    /// <param name="cancellation">When nobody waits any more.</param>
    /// <returns>The session; or null, and the seconds after which that address may try again (0: at once).</returns>
    internal async Task<(string? Session, int Seconds)> TryAsync(string secret, IPAddress address, CancellationToken cancellation)
    {
        // Nobody can guess a token. So it is taken from an address, too, from which others try passwords: that of a proxy.
        if (tokens.IsValid(secret))
        {
            return (sessions.Begin("token"), 0);
        }
        int seconds = attempts.Enter(address);
        if (seconds > 0)
        {
            return (null, seconds);
        }
        await one.WaitAsync(cancellation);
        try
        {
            // The threads that call this one also send to machines.
            if (!await Task.Run(() => password.IsRight(secret), cancellation))
            {
                return (null, 0);
            }
        }
        finally
        {
            one.Release();
        }
        attempts.Forget(address);
        return (sessions.Begin("password"), 0);
    }

    /// <inheritdoc/>
    public void Dispose() => one.Dispose();
}
