using System.Security.Cryptography;
using System.Text;
using Rootcast.Server.State;

namespace Rootcast.Server.Dashboard;

/// <summary>
/// Browsers that are signed in. How somebody showed who he is does not matter here: whatever finds that out (the token or the password now, an OpenID provider some
/// day) ends by <see cref="Begin"/>. Sessions are in the state, so servers that share it share them, and one that starts anew knows them.
/// </summary>
/// <param name="state">The state.</param>
/// <param name="clock">What time it is.</param>
public sealed class OperatorSessions(StateDatabase state, TimeProvider clock)
{
    private const int Bytes = 32;
    private const long Most = 1000;

    /// <summary>How long one holds.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(12);

    /// <summary>Signs somebody in.</summary>
    /// <param name="who">Who, for <see cref="Who"/>.</param>
    /// <returns>What the browser keeps in its cookie.</returns>
    public string Begin(string who)
    {
        string session = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));
        long now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        state.Change(rows =>
        {
            rows.Execute("DELETE FROM sessions WHERE expires <= @now", ("@now", now));
            // Who has the token can sign in for ever: the oldest make room.
            rows.Execute(
                "DELETE FROM sessions WHERE hash NOT IN (SELECT hash FROM sessions ORDER BY expires DESC LIMIT @most)",
                ("@most", Most - 1)
            );
            return rows.Execute(
                "INSERT INTO sessions (hash, who, expires) VALUES (@hash, @who, @expires)",
                ("@hash", Hash("session", session)),
                ("@who", who),
                ("@expires", now + (long)Life.TotalMilliseconds)
            );
        });
        return session;
    }

    /// <summary>Who is signed in; null for nobody.</summary>
    /// <param name="session">The cookie.</param>
    public string? Who(string? session)
    {
        if (session is not { Length: Bytes * 2 })
        {
            return null;
        }
        // What is kept is a hash: how long it takes to find it tells nothing of the cookie.
        return
            state.Read(rows =>
                rows.Query(
                    "SELECT who FROM sessions WHERE hash = @hash AND expires > @now",
                    row => row.GetString(0),
                    ("@hash", Hash("session", session)),
                    ("@now", clock.GetUtcNow().ToUnixTimeMilliseconds())
                )
            )
                is [var who, ..]
            ? who
            : null;
    }

    /// <summary>Whether somebody is signed in, and the page that asks is ours: another's can have the cookie sent, and cannot read the proof.</summary>
    /// <param name="session">The cookie.</param>
    /// <param name="proof">What the page sends beside it.</param>
    public bool MayChange(string? session, string? proof) =>
        session is not null
        && proof is { Length: Bytes * 2 }
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(proof), Encoding.UTF8.GetBytes(ProofOf(session)))
        && Who(session) is not null;

    /// <summary>What goes with a cookie in a header of its own.</summary>
    public static string ProofOf(string session) => Hash("proof", session);

    /// <summary>Signs out.</summary>
    public void End(string session) =>
        state.Change(rows => rows.Execute("DELETE FROM sessions WHERE hash = @hash", ("@hash", Hash("session", session))));

    private static string Hash(string what, string session) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{what} {session}")));
}
