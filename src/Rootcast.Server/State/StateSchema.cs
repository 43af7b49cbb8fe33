using System.Security.Cryptography;
using Rootcast.Contract;

namespace Rootcast.Server.State;

/// <summary>The tables, and which version of them a state has. Nothing is ever null: what is not there yet is 0 or empty.</summary>
internal static class StateSchema
{
    /// <summary>The version that this program makes and understands.</summary>
    public static int Version => Steps.Length;

    /// <summary>What version 1 has.</summary>
    private static readonly string[] First =
    [
        "CREATE TABLE tokens (hash TEXT NOT NULL PRIMARY KEY, created BIGINT NOT NULL)",
        """
            CREATE TABLE nodes (
                id TEXT NOT NULL PRIMARY KEY,
                approved BIGINT NOT NULL,
                created BIGINT NOT NULL,
                seen BIGINT NOT NULL,
                address TEXT NOT NULL,
                next_image TEXT NOT NULL,
                next_digest TEXT NOT NULL,
                configuration TEXT NOT NULL
            )
            """,
        "CREATE TABLE node_keys (kind TEXT NOT NULL, value TEXT NOT NULL, node TEXT NOT NULL, PRIMARY KEY (kind, value))",
        "CREATE INDEX node_keys_node ON node_keys (node)",
        "CREATE TABLE node_labels (node TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (node, name))",
        // Only ever added to: what is withdrawn uncovers what was assigned before.
        """
            CREATE TABLE assignments (
                number BIGINT NOT NULL PRIMARY KEY,
                pattern TEXT NOT NULL,
                image TEXT NOT NULL,
                digest TEXT NOT NULL,
                since BIGINT NOT NULL,
                withdrawn BIGINT NOT NULL
            )
            """,
        """
            CREATE TABLE boots (
                id TEXT NOT NULL PRIMARY KEY,
                node TEXT NOT NULL,
                image TEXT NOT NULL,
                digest TEXT NOT NULL,
                reason TEXT NOT NULL,
                address TEXT NOT NULL,
                started BIGINT NOT NULL,
                deadline BIGINT NOT NULL,
                stage TEXT NOT NULL,
                outcome TEXT NOT NULL,
                ended BIGINT NOT NULL
            )
            """,
        "CREATE INDEX boots_node ON boots (node, started)",
        "CREATE INDEX boots_outcome ON boots (outcome, deadline)",
        """
            CREATE TABLE moments (
                boot TEXT NOT NULL,
                number BIGINT NOT NULL,
                at BIGINT NOT NULL,
                kind TEXT NOT NULL,
                name TEXT NOT NULL,
                clock BIGINT NOT NULL,
                bytes BIGINT NOT NULL,
                PRIMARY KEY (boot, number)
            )
            """,
    ];

    /// <summary>What makes each version of the one before. What was released is never changed here, only added to.</summary>
    private static readonly string[][] Steps =
    [
        First,
        // Of each boot that has secrets to get: the hash of what they are given for (empty when they were given), and until when.
        ["CREATE TABLE secret_tokens (boot TEXT NOT NULL PRIMARY KEY, hash TEXT NOT NULL, expires BIGINT NOT NULL)"],
        // Before, who knew a boot's name could report of it: those that are under way still can.
        [
            "ALTER TABLE boots ADD COLUMN report_key TEXT NOT NULL DEFAULT ''",
            "UPDATE boots SET report_key = id WHERE outcome = 'open'",
            "CREATE INDEX boots_report_key ON boots (report_key)",
        ],
        // What the nodes of a pattern have, beside what each has of its own.
        ["CREATE TABLE group_configurations (pattern TEXT NOT NULL PRIMARY KEY, configuration TEXT NOT NULL)"],
        // Who is signed in, by the hash of what the browser keeps; and the operators' password, if there is one, as a hash with its salt.
        [
            "CREATE TABLE sessions (hash TEXT NOT NULL PRIMARY KEY, who TEXT NOT NULL, expires BIGINT NOT NULL)",
            "CREATE TABLE passwords (hash TEXT NOT NULL PRIMARY KEY, created BIGINT NOT NULL)",
        ],
    ];

    /// <summary>What tells this state from others: six hexadecimal digits.</summary>
    public static string Id(StateTransaction transaction) => transaction.Query("SELECT id FROM state_schema", row => row.GetString(0))[0];

    /// <summary>Makes the tables that are not there yet.</summary>
    /// <exception cref="UserError">A newer program made them.</exception>
    public static void Prepare(StateTransaction transaction, string title)
    {
        transaction.Execute("CREATE TABLE IF NOT EXISTS state_schema (version BIGINT NOT NULL, id TEXT NOT NULL)");
        if (transaction.Query("SELECT version FROM state_schema", row => row.GetInt64(0)) is not [var version, ..])
        {
            version = 0;
            transaction.Execute(
                "INSERT INTO state_schema (version, id) VALUES (0, @id)",
                ("@id", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3)))
            );
        }
        if (version > Version)
        {
            throw new UserError(
                $"The state {title} has version {version}: a newer rootcast made it, and this one knows version {Version}.",
                "Run the newer one, or name another place by --state."
            );
        }
        foreach (string statement in Steps.Skip((int)version).SelectMany(step => step))
        {
            transaction.Execute(statement);
        }
        transaction.Execute("UPDATE state_schema SET version = @version", ("@version", (long)Version));
    }
}
