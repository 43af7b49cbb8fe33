using Npgsql;
using Rootcast.Contract;

namespace Rootcast.Server.State;

/// <summary>The state in a PostgreSQL database that several servers share. What changes it takes one lock, so changes follow each other as they do in one
/// file, and what was read before a change still holds in it.</summary>
internal sealed class PostgresState : StateDatabase
{
    private readonly NpgsqlDataSource source;

    private PostgresState(NpgsqlDataSource source, string title)
    {
        this.source = source;
        Title = title;
    }

    /// <inheritdoc/>
    public override string Title { get; }

    /// <summary>Connects.</summary>
    /// <param name="address"><c>postgres://USER:PASSWORD@HOST:PORT/DATABASE</c>; what stands behind a question mark are settings of Npgsql.</param>
    /// <exception cref="UserError">The address is not understood.</exception>
    public static PostgresState Connect(string address)
    {
        string title = address;
        try
        {
            Uri uri = new(address);
            title = $"{uri.Scheme}://{uri.Authority}{uri.AbsolutePath}";
            NpgsqlSlimDataSourceBuilder builder = new(Settings(uri));
            builder.EnableTransportSecurity();
            return new PostgresState(builder.Build(), title);
        }
        catch (Exception error) when (error is UriFormatException or ArgumentException)
        {
            throw new UserError(
                $"The state {title} is no address of a PostgreSQL database: {error.Message}",
                "Write postgres://USER:PASSWORD@HOST:PORT/DATABASE.",
                UserErrorKind.Input,
                error
            );
        }
    }

    /// <inheritdoc/>
    public override T Read<T>(Func<StateTransaction, T> work) => Run(work, isChange: false);

    /// <inheritdoc/>
    public override T Change<T>(Func<StateTransaction, T> work) => Run(work, isChange: true);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }
    }

    private static string Settings(Uri uri)
    {
        string[] user = uri.UserInfo.Split(':', 2);
        NpgsqlConnectionStringBuilder settings = new()
        {
            Host = uri.Host.Length > 0 ? uri.Host : "/var/run/postgresql",
            Port = uri.Port > 0 ? uri.Port : 5432,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')),
            ApplicationName = "rootcast",
        };
        if (user[0].Length > 0)
        {
            settings.Username = Uri.UnescapeDataString(user[0]);
        }
        if (user.Length > 1)
        {
            settings.Password = Uri.UnescapeDataString(user[1]);
        }
        foreach (string pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = pair.Split('=', 2);
            string value = parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "";
            // As libpq's addresses have it: a directory with the socket.
            settings[parts[0] == "sslmode" ? "SSL Mode" : Uri.UnescapeDataString(parts[0])] = value;
        }
        return settings.ToString();
    }

    private T Run<T>(Func<StateTransaction, T> work, bool isChange)
    {
        try
        {
            using NpgsqlConnection connection = source.OpenConnection();
            using NpgsqlTransaction transaction = connection.BeginTransaction(
                isChange ? System.Data.IsolationLevel.ReadCommitted : System.Data.IsolationLevel.RepeatableRead
            );
            StateTransaction statements = new(connection, transaction);
            if (isChange)
            {
                // "rootcast" in ASCII; held to the end of the transaction.
                statements.Execute("SELECT pg_advisory_xact_lock(8245930642530186100)");
            }
            T result = work(statements);
            transaction.Commit();
            return result;
        }
        catch (NpgsqlException error)
        {
            throw new UserError(
                $"The state {Title} cannot be {(isChange ? "changed" : "read")}: {error.Message}",
                "Look whether the database is there, and whether its user may use it (--state postgres://USER:PASSWORD@HOST/DATABASE).",
                cause: error
            );
        }
    }
}
