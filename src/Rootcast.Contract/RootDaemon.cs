using System.Text;

namespace Rootcast.Contract;

/// <summary>
/// A process that serves the root and is started before it is mounted: docs/root-daemons.md. The builder packs what it needs as an archive and writes this
/// description beside it; init starts it in a root of its own.
/// </summary>
public sealed record RootDaemon
{
    /// <summary>The daemon of form <c>zfs-fuse</c>.</summary>
    public const string ZfsFuse = "zfs-fuse";

    /// <summary>The programs of form <c>zfs</c>, which the kernel serves: they are packed as a daemon is, and none is started.</summary>
    public const string Zfs = "zfs";

    /// <summary>Stands in <see cref="Arguments"/> for the device or file that holds the artefact, as the daemon sees it.</summary>
    public const string DevicePlace = "{device}";

    /// <summary>Stands in <see cref="Arguments"/> for the directory on which the daemon mounts what it serves.</summary>
    public const string RootPlace = "{root}";

    /// <summary>A longer description is refused.</summary>
    public const int LongestText = 1 << 16;

    private const string SocketReady = "socket:";

    /// <summary>What it is called in recipes, in <c>rootcast.daemon=</c> and on screen: lower-case letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute path of its program, in the tree and in its own root.</summary>
    public required string Program { get; init; }

    /// <summary>The program's arguments, without its name. It must stay in the foreground.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The path of the socket that takes connections when the daemon is ready; null when it is ready once it has mounted what it serves.</summary>
    public string? ReadySocket { get; init; }

    /// <summary>Kernel modules that it needs.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>A program of its root with arguments, which runs at the machine's end after the root was unmounted; empty for none.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Whether a text can be a daemon's name.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= 64
        && char.IsAsciiLetterLower(text[0])
        && !text.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>Reads a description: one <c>KEY VALUE</c> a line.</summary>
    /// <param name="name">The daemon's name.</param>
    /// <param name="text">What <see cref="ToText"/> made.</param>
    /// <exception cref="InvalidDataException">A line is not understood, or there is no program.</exception>
    public static RootDaemon Parse(string name, string text)
    {
        if (text.Length > LongestText)
        {
            throw new InvalidDataException($"root daemon {name}: the description has more than {LongestText} characters");
        }
        string? program = null;
        string? socket = null;
        List<string> arguments = [];
        List<string> modules = [];
        List<string> stop = [];
        int number = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (line.IsEmpty)
            {
                continue;
            }
            int space = line.IndexOf(' ');
            string value = space < 0 ? "" : line[(space + 1)..].ToString();
            switch (space < 0 ? line : line[..space])
            {
                case "program":
                    program = value;
                    break;
                case "argument":
                    arguments.Add(value);
                    break;
                case "ready" when value == "mount":
                    socket = null;
                    break;
                case "ready" when value.StartsWith(SocketReady, StringComparison.Ordinal):
                    socket = value[SocketReady.Length..];
                    break;
                case "module":
                    modules.Add(value);
                    break;
                case "stop":
                    stop.Add(value);
                    break;
                default:
                    throw new InvalidDataException($"root daemon {name}: line {number} is not understood: {line}");
            }
        }
        return new RootDaemon
        {
            Name = name,
            Program = program ?? throw new InvalidDataException($"root daemon {name}: the description names no program"),
            Arguments = arguments,
            ReadySocket = socket,
            Modules = modules,
            Stop = stop,
        };
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public string ToText()
    {
        StringBuilder text = new();
        Line("program", Program);
        foreach (string argument in Arguments)
        {
            Line("argument", argument);
        }
        Line("ready", ReadySocket is null ? "mount" : SocketReady + ReadySocket);
        foreach (string module in Modules)
        {
            Line("module", module);
        }
        foreach (string word in Stop)
        {
            Line("stop", word);
        }
        return text.ToString();

        void Line(string key, string value) => text.Append(key).Append(' ').Append(value).Append('\n');
    }
}
