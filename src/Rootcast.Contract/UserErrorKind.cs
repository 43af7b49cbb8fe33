namespace Rootcast.Contract;

/// <summary>The kinds of <see cref="UserError"/>; the command line's exit codes follow them.</summary>
public enum UserErrorKind
{
    /// <summary>The work failed (exit code 1).</summary>
    Failed,

    /// <summary>Wrong usage or input (exit code 2).</summary>
    Input,

    /// <summary>Something is missing on this host (exit code 3).</summary>
    Missing,
}
