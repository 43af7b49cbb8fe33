namespace Rootcast.Cli.Host;

/// <summary>What os-release(5) says of this host.</summary>
/// <param name="Id"><c>debian</c>.</param>
/// <param name="CodeName"><c>bookworm</c>; null where there is none.</param>
/// <param name="PrettyName">For people.</param>
internal sealed record HostSystem(string Id, string? CodeName, string PrettyName)
{
    /// <summary>Of this host.</summary>
    public static HostSystem Read() => Parse(File.Exists("/etc/os-release") ? File.ReadAllText("/etc/os-release") : "");

    /// <summary>Out of the file's text.</summary>
    public static HostSystem Parse(string text)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (string line in text.Split('\n'))
        {
            if (line.Split('=', 2) is [var name, var value])
            {
                values[name.Trim()] = value.Trim().Trim('"', '\'');
            }
        }
        return new HostSystem(
            values.GetValueOrDefault("ID", "linux"),
            values.GetValueOrDefault("VERSION_CODENAME"),
            values.GetValueOrDefault("PRETTY_NAME", "Linux")
        );
    }
}
