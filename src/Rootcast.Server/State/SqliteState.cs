using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Rootcast.Contract;
using SQLitePCL;

namespace Rootcast.Server.State;

/// <summary>The state as one SQLite file. Written ahead (WAL): a server that is killed at any moment leaves the last change that was made whole.</summary>
internal sealed class SqliteState : StateDatabase
{
    /// <summary>The file.</summary>
    public const string FileName = "state.sqlite";

    private const int BusySeconds = 15;
    private readonly Lock gate = new();
    private readonly SqliteConnection connection;
    private readonly string path;

    private SqliteState(SqliteConnection connection, string path)
    {
        this.connection = connection;
        this.path = path;
    }

    /// <inheritdoc/>
    public override string Title => path;

    /// <summary>Opens the file of a directory, and makes both when they are not there, for this user alone.</summary>
    /// <exception cref="UserError">It cannot be opened.</exception>
    public static SqliteState OpenDirectory(string directory)
    {
        Library.Use();
        string file = Path.Combine(Path.GetFullPath(directory), FileName);
        SqliteConnection? opened = null;
        try
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            if (!File.Exists(file))
            {
                using FileStream made = new(
                    file,
                    new FileStreamOptions
                    {
                        Mode = FileMode.CreateNew,
                        Access = FileAccess.Write,
                        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                    }
                );
            }
            opened = new SqliteConnection(
                new SqliteConnectionStringBuilder
                {
                    DataSource = file,
                    Mode = SqliteOpenMode.ReadWrite,
                    Pooling = false,
                    DefaultTimeout = BusySeconds,
                }.ToString()
            );
            opened.Open();
            // What WAL alone may lose is the last change before the power fails, never the file.
            foreach (string pragma in (string[])["PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL"])
            {
                using SqliteCommand command = opened.CreateCommand();
#pragma warning disable CA2100 // A constant of this program.
                command.CommandText = pragma;
#pragma warning restore CA2100
                command.ExecuteNonQuery();
            }
            return new SqliteState(opened, file);
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
        {
            opened?.Dispose();
            throw new UserError(
                $"The state {file} cannot be opened: {error.Message}",
                "Name a directory that this user can write to by --state DIR; a file that is damaged can be moved away, and nodes are known anew then.",
                cause: error
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
            connection.Dispose();
        }
    }

    private T Run<T>(Func<StateTransaction, T> work, bool isChange)
    {
        lock (gate)
        {
            try
            {
                using SqliteTransaction transaction = connection.BeginTransaction(deferred: !isChange);
                T result = work(new StateTransaction(connection, transaction));
                transaction.Commit();
                return result;
            }
            catch (SqliteException error)
            {
                throw new UserError(
                    $"The state {path} cannot be {(isChange ? "changed" : "read")}: {error.Message}",
                    "Look whether the disk is full, and whether another program holds the file.",
                    cause: error
                );
            }
        }
    }

    /// <summary>The distribution's SQLite, whose faults it mends: its run-time library, loaded when a state is opened, and not a twentieth of this program for every command.</summary>
    private static class Library
    {
        private const string Name = "libsqlite3.so.0";

        private static readonly nint library = NativeLibrary.TryLoad(Name, out nint found) ? found : 0;

        static Library()
        {
            NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, (_, _, _) => library);
            raw.SetProvider(new SQLite3Provider_e_sqlite3());
        }

        public static void Use()
        {
            if (library == 0)
            {
                throw new UserError(
                    $"The state is kept by SQLite, and this machine has no {Name}",
                    "Install it (apt-get install libsqlite3-0), or keep the state in PostgreSQL: --state postgres://…"
                );
            }
        }
    }
}
