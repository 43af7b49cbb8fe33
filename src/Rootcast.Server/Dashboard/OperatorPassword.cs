using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rootcast.Contract;
using Rootcast.Server.State;

namespace Rootcast.Server.Dashboard;

/// <summary>The password by which people sign in beside the token. The state has what PBKDF2 (RFC 8018, HMAC-SHA-256) makes of it, never the password.</summary>
/// <param name="state">The state.</param>
public sealed class OperatorPassword(StateDatabase state)
{
    /// <summary>What OWASP asks of PBKDF2 with HMAC-SHA-256 since 2023; a third of a second of one processor.</summary>
    public const int Iterations = 600_000;

    private const int Shortest = 8;
    private const int Longest = 256;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;
    private const string Scheme = "pbkdf2-sha256";

    /// <summary>Whether there is one.</summary>
    public bool IsSet => Kept() is not null;

    /// <summary>Sets it. When it is another than before, nobody is signed in any more.</summary>
    /// <param name="password">The password.</param>
    /// <returns>Whether it is another.</returns>
    /// <exception cref="UserError">It is too short or too long.</exception>
    public bool Set(string password)
    {
        if (password.Length is < Shortest or > Longest)
        {
            throw new UserError(
                $"The password has {password.Length} characters.",
                $"Take {Shortest} to {Longest}; it stands in the first line of its file.",
                UserErrorKind.Input
            );
        }
        if (IsRight(password))
        {
            return false;
        }
        byte[] salt = RandomNumberGenerator.GetBytes(SaltBytes);
        string hash = string.Create(
            CultureInfo.InvariantCulture,
            $"{Scheme}${Iterations}${Convert.ToHexStringLower(salt)}${Convert.ToHexStringLower(Derive(password, salt, Iterations))}"
        );
        state.Change(rows =>
        {
            rows.Execute("DELETE FROM passwords");
            rows.Execute("DELETE FROM sessions");
            return rows.Execute(
                "INSERT INTO passwords (hash, created) VALUES (@hash, @created)",
                ("@hash", hash),
                ("@created", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds())
            );
        });
        return true;
    }

    /// <summary>Whether it is the password. Takes as long as <see cref="Iterations"/> do; how long tells nothing of it.</summary>
    public bool IsRight(string password)
    {
        if (password.Length > Longest || Kept() is not { } kept)
        {
            return false;
        }
        string[] parts = kept.Split('$');
        if (
            parts.Length != 4
            || parts[0] != Scheme
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
        )
        {
            throw new UserError("The password in the state is not understood.", "Set it anew by --password-file.");
        }
        byte[] made = Derive(password, Convert.FromHexString(parts[2]), count);
        return CryptographicOperations.FixedTimeEquals(made, Convert.FromHexString(parts[3]));
    }

    private string? Kept() =>
        state.Read(rows => rows.Query("SELECT hash FROM passwords", row => row.GetString(0))) is [var hash, ..] ? hash : null;

    private static byte[] Derive(string password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA256, HashBytes);
}
