namespace Rootcast.Contract;

/// <summary>Something that the user can mend: shown as a message and a hint, without a stack.</summary>
/// <param name="message">What failed, on what, and why.</param>
/// <param name="hint">What to do about it.</param>
/// <param name="kind">Which exit code it ends with.</param>
/// <param name="cause">The error below, for --verbose.</param>
public sealed class UserError(string message, string hint, UserErrorKind kind = UserErrorKind.Failed, Exception? cause = null)
    : Exception(message, cause)
{
    /// <summary>What to do about it, in one or two sentences.</summary>
    public string Hint { get; } = hint;

    /// <summary>Which exit code it ends with.</summary>
    public UserErrorKind Kind { get; } = kind;
}
