using Rootcast.Contract;

namespace Rootcast.Cli;

/// <summary>Every exit code of <c>rootcast</c>.</summary>
internal static class ExitCodes
{
    /// <summary>The work is done.</summary>
    public const int Done = 0;

    /// <summary>The work failed.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage or input.</summary>
    public const int Input = 2;

    /// <summary>Something is missing on this host.</summary>
    public const int Missing = 3;

    /// <summary>Interrupted by Ctrl-C, SIGTERM or SIGHUP; what was begun is cleaned up.</summary>
    public const int Interrupted = 130;

    /// <summary>The code that an error ends with.</summary>
    public static int Of(UserErrorKind kind) =>
        kind switch
        {
            UserErrorKind.Input => Input,
            UserErrorKind.Missing => Missing,
            _ => Failed,
        };
}
