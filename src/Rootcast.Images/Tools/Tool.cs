using Rootcast.Contract;

namespace Rootcast.Images.Tools;

/// <summary>
/// One call of an outside program, and the only way in which Rootcast makes one. The program runs in a session of its own, so that
/// cancelling ends it with everything that it has started; a missing program and a failing one become a <see cref="UserError"/> that says
/// what to do.
/// </summary>
/// <param name="Program">Name (looked for in <c>PATH</c>, then in the <c>sbin</c> directories) or absolute path.</param>
/// <param name="Arguments">Without the program itself; never seen by a shell.</param>
public sealed partial record Tool(string Program, params IReadOnlyList<string> Arguments)
{
    /// <summary>Bytes of standard error that are kept for the error: the last ones.</summary>
    public const int LongestErrors = 64 << 10;

    /// <summary>Bytes of standard output that a call without <see cref="Output"/> may print.</summary>
    public const int LongestOutput = 64 << 20;

    /// <summary>Where it runs; null for the current directory.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables that are set beside those of this process; null takes one away. <c>LC_ALL=C.UTF-8</c> is always set, so that
    /// messages can be understood.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Writes standard input, which is closed afterwards; null gives an empty one. What it throws ends the program and is thrown on,
    /// except for the broken pipe of a program that has read enough.</summary>
    public Func<Stream, CancellationToken, Task>? Input { get; init; }

    /// <summary>Reads standard output; null keeps it for <see cref="ToolResult.Output"/>. What it throws ends the program and is thrown on.</summary>
    public Func<Stream, CancellationToken, Task>? Output { get; init; }

    /// <summary>Sees each line of standard error as it comes, to show progress.</summary>
    public Action<string>? ErrorLine { get; init; }

    /// <summary>Exit codes that are no failure.</summary>
    public IReadOnlyList<int> GoodExitCodes { get; init; } = [0];

    /// <summary>What to do when it fails; null points at the command line.</summary>
    public string? Hint { get; init; }

    /// <summary>Sees the command line before it runs, in the form that can be pasted.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Where the program is, or null.</summary>
    public static string? Find(string program) => ToolPath.Find(program);

    /// <summary>The error for programs that are not there.</summary>
    public static UserError Missing(params IReadOnlyList<string> programs)
    {
        IEnumerable<string> packages = programs.Select(DebianPackages.Of).Distinct(StringComparer.Ordinal);
        string verb = programs.Count == 1 ? "is" : "are";
        return new UserError(
            $"{string.Join(", ", programs)} {verb} not installed",
            $"Install what has it: apt-get install {string.Join(' ', packages)}",
            UserErrorKind.Missing
        );
    }

    /// <summary>Throws <see cref="Missing"/> unless every program is there: for work that should fail before it has begun.</summary>
    public static void Require(params IReadOnlyList<string> programs)
    {
        List<string> absent = [.. programs.Where(program => ToolPath.Find(program) is null)];
        if (absent.Count > 0)
        {
            throw Missing(absent);
        }
    }

    /// <summary>Throws <see cref="Missing"/> unless every file that some package brings is there.</summary>
    /// <param name="paths">Absolute paths.</param>
    public static void RequireFiles(params IReadOnlyList<string> paths)
    {
        List<string> absent = [.. paths.Where(path => !File.Exists(path))];
        if (absent.Count > 0)
        {
            throw Missing(absent);
        }
    }

    /// <summary>The command line as a POSIX shell takes it, with working directory and variables.</summary>
    public override string ToString()
    {
        IEnumerable<string> variables = Environment
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => pair.Value is null ? $"-u {pair.Key}" : ShellQuoting.Quote($"{pair.Key}={pair.Value}"));
        string words = string.Join(' ', variables.Concat(Arguments.Prepend(Program).Select(ShellQuoting.Quote)));
        string command = Environment.Count > 0 ? $"env {words}" : words;
        return WorkingDirectory is null ? command : $"(cd {ShellQuoting.Quote(WorkingDirectory)} && {command})";
    }
}
