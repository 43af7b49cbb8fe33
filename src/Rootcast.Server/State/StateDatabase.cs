using Rootcast.Contract;

namespace Rootcast.Server.State;

/// <summary>Where a boot server keeps what it knows of its nodes. Several threads may use it, and with PostgreSQL several servers.</summary>
public abstract class StateDatabase : IDisposable
{
    /// <summary>What begins the address of a PostgreSQL database.</summary>
    private static readonly string[] PostgresSchemes = ["postgres://", "postgresql://"];

    /// <summary>Whether the text names a PostgreSQL database and no directory.</summary>
    public static bool IsPostgres(string where) =>
        PostgresSchemes.Any(scheme => where.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    /// <summary>Opens the state, and makes it when there is none.</summary>
    /// <param name="where">A directory, or <c>postgres://USER:PASSWORD@HOST:PORT/DATABASE</c>.</param>
    /// <exception cref="UserError">It cannot be read or written, or was made by a newer version of this program.</exception>
    public static StateDatabase Open(string where)
    {
        StateDatabase opened = IsPostgres(where) ? PostgresState.Connect(where) : SqliteState.OpenDirectory(where);
        try
        {
            opened.Change(transaction =>
            {
                StateSchema.Prepare(transaction, opened.Title);
                return true;
            });
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>For people; without a password.</summary>
    public abstract string Title { get; }

    /// <summary>Reads, all as it was at one moment.</summary>
    public abstract T Read<T>(Func<StateTransaction, T> work);

    /// <summary>Changes something: all of it or, when <paramref name="work"/> throws, nothing. Changes happen one after the other.</summary>
    public abstract T Change<T>(Func<StateTransaction, T> work);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the connections.</summary>
    protected abstract void Dispose(bool disposing);
}
