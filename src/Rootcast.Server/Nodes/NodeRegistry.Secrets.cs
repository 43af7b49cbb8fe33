using System.Security.Cryptography;
using System.Text;

namespace Rootcast.Server.Nodes;

/// <summary>Secrets are given once in a boot, to whoever comes first with the boot's token.</summary>
public sealed partial class NodeRegistry
{
    private static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(5);

    /// <summary>Makes the token of a boot whose kernel nobody has fetched yet; one that was made before is good no more. Null when the boot's secrets were given
    /// already.</summary>
    /// <param name="boot">The boot's id.</param>
    public string? MakeSecretToken(string boot)
    {
        string token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        return state.Change(rows =>
            rows.Execute(
                """
                INSERT INTO secret_tokens (boot, hash, expires) VALUES (@boot, @hash, @expires)
                ON CONFLICT (boot) DO UPDATE SET hash = excluded.hash, expires = excluded.expires WHERE secret_tokens.hash <> ''
                """,
                ("@boot", boot),
                ("@hash", Hash(token)),
                ("@expires", NodeRows.Milliseconds(Now + TokenLife))
            ) > 0
        )
            ? token
            : null;
    }

    /// <summary>The secrets of a boot's node, for its token, which is good no more then; null when it is not good.</summary>
    /// <param name="key">The boot's <see cref="NodeBoot.ReportKey"/>.</param>
    /// <param name="token">The token.</param>
    /// <param name="address">Who asks; for the log.</param>
    public byte[]? TakeSecrets(string key, string token, string address)
    {
        if (!IsReportKey(key))
        {
            return null;
        }
        (NodeBoot? found, byte[]? bytes) = state.Change<(NodeBoot?, byte[]?)>(rows =>
        {
            if (NodeRows.BootOfKey(rows, key) is not { } known || NodeRows.Node(rows, known.Node) is not { } node)
            {
                return (null, null);
            }
            // What is kept is a hash: how long it takes to find it tells nothing of the token. Empty is what was used.
            int taken = rows.Execute(
                "UPDATE secret_tokens SET hash = '' WHERE boot = @boot AND hash = @hash AND expires > @now",
                ("@boot", known.Id),
                ("@hash", Hash(token)),
                ("@now", NodeRows.Milliseconds(Now))
            );
            if (NodeRows.LastMoment(rows, known.Id) is < MostMoments and var last)
            {
                string note = taken > 0 ? $"secrets given to {address}" : $"secrets refused to {address}: the token is not good";
                NodeRows.Add(rows, known.Id, new BootMoment(last + 1, Now, MomentKinds.Note, note, null, null));
            }
            return (known, taken > 0 ? InAll(rows, node).Configuration.SecretBytes() : null);
        });
        if (found is not null)
        {
            Say(found.Node, bytes is null ? $"secrets are refused to {address}: the token is not good" : $"secrets are given to {address}");
        }
        return bytes;
    }

    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(token)));
}
