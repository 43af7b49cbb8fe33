namespace Rootcast.Tests;

/// <summary>A PostgreSQL of the test's own, reached by a socket in its directory; gone after the test.</summary>
internal sealed class PostgresServer : IDisposable
{
    private readonly string directory;
    private readonly string programs;

    public PostgresServer()
    {
        Host.NeedsRoot();
        string[] versions = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        string? found = Array.Find(versions, version => File.Exists($"{version}/bin/initdb"));
        Assert.SkipUnless(found is not null, "PostgreSQL is not installed");
        programs = $"{found}/bin";
        directory = Directory.CreateTempSubdirectory("rootcast-pg-").FullName;
        Host.Run("chown", "postgres", directory);
        AsPostgres("initdb", "-D", Data, "-U", "rootcast", "-A", "trust", "--no-sync");
        // The server keeps descriptors that it was started with: none of this process's pipes may be among them.
        AsPostgres(
            "pg_ctl",
            "-D",
            Data,
            "-l",
            $"{directory}/log",
            "-w",
            "-o",
            $"-c listen_addresses='' -k {directory} -c fsync=off",
            "start"
        );
    }

    /// <summary>For <c>--state</c>.</summary>
    public string Address => $"postgres://rootcast@localhost/postgres?Host={Uri.EscapeDataString(directory)}";

    private string Data => $"{directory}/data";

    public void Dispose()
    {
        AsPostgres("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop");
        Directory.Delete(directory, recursive: true);
    }

    private void AsPostgres(string program, params string[] arguments) =>
        Host.Run("runuser", ["-u", "postgres", "--", $"{programs}/{program}", .. arguments]);
}
