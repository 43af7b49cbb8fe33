namespace Rootcast.Cli;

/// <summary>Where Rootcast keeps what is not in the store, after the XDG base directory specification.</summary>
internal static class Paths
{
    /// <summary><c>$XDG_CACHE_HOME/rootcast</c>: what can be made again.</summary>
    public static string Cache => In("XDG_CACHE_HOME", ".cache");

    /// <summary><c>$XDG_STATE_HOME/rootcast</c>: logs.</summary>
    public static string State => In("XDG_STATE_HOME", ".local/state");

    /// <summary>Remembers whether a kernel boots under this host's KVM.</summary>
    public static string AcceleratorMemory => Path.Combine(Cache, "accelerator");

    /// <summary>The console of the last boot of an image in that form by that carrier.</summary>
    public static string ConsoleLog(string image, string form, string carrier) =>
        Path.Combine(State, "boots", $"{image.Replace('/', '_').Replace(':', '_')}-{form}-{carrier}.log");

    private static string In(string variable, string fallback)
    {
        string? named = Environment.GetEnvironmentVariable(variable);
        string directory = named is { Length: > 0 } && Path.IsPathRooted(named) ? named : Path.Combine(Home(), fallback);
        return Path.Combine(directory, "rootcast");
    }

    private static string Home() => Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home ? home : "/root";
}
