using System.Security.Cryptography;
using System.Text;
using Rootcast.Server.State;

namespace Rootcast.Server.Api;

/// <summary>Who may change something: whoever has a token of which the state keeps the hash.</summary>
/// <param name="state">The state.</param>
public sealed class NodeTokens(StateDatabase state)
{
    private const int Bytes = 32;
    private const int LongestToken = 256;

    /// <summary>Makes the first token; null when there is one already, which nobody can be told any more.</summary>
    public string? MakeFirst()
    {
        string token = "rc_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));
        return state.Change(rows =>
        {
            if (rows.Query("SELECT hash FROM tokens", row => row.GetString(0)).Count > 0)
            {
                return null;
            }
            rows.Execute(
                "INSERT INTO tokens (hash, created) VALUES (@hash, @created)",
                ("@hash", Convert.ToHexStringLower(Hash(token))),
                ("@created", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds())
            );
            return token;
        });
    }

    /// <summary>Whether it is one of ours; how long that takes tells nothing.</summary>
    public bool IsValid(string? token)
    {
        if (token is null or { Length: > LongestToken })
        {
            return false;
        }
        byte[] hash = Hash(token);
        bool isValid = false;
        foreach (string known in state.Read(rows => rows.Query("SELECT hash FROM tokens", row => row.GetString(0))))
        {
            isValid |= CryptographicOperations.FixedTimeEquals(hash, Convert.FromHexString(known));
        }
        return isValid;
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
