namespace Rootcast.Images.Store;

/// <summary>Where the store is when nobody names one.</summary>
public static class StoreLocation
{
    /// <summary><c>$ROOTCAST_STORE</c>, else <c>$XDG_DATA_HOME/rootcast/store</c>, else <c>~/.local/share/rootcast/store</c>.</summary>
    public static string Default() => Find(Environment.GetEnvironmentVariable);

    /// <summary>The same for a given environment.</summary>
    public static string Find(Func<string, string?> variable)
    {
        if (variable("ROOTCAST_STORE") is { Length: > 0 } named)
        {
            return Path.GetFullPath(named);
        }
        // The base directory specification: a relative path there is to be ignored.
        if (variable("XDG_DATA_HOME") is { Length: > 0 } data && Path.IsPathRooted(data))
        {
            return Path.Combine(data, "rootcast", "store");
        }
        string home = variable("HOME") is { Length: > 0 } known ? known : "/root";
        return Path.Combine(home, ".local", "share", "rootcast", "store");
    }
}
