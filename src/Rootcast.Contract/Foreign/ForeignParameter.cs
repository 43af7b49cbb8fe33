namespace Rootcast.Contract.Foreign;

/// <summary>One row of the table of parameters that people have in their scripts; docs/parameters.md has the same rows.</summary>
/// <param name="Key">The name before <c>=</c>; with <c>*</c> at its end every name that begins so.</param>
/// <param name="Origin">Whose it is.</param>
/// <param name="Handling">What init makes of it.</param>
/// <param name="Why">For what is refused: what init does instead, for the screen.</param>
public sealed record ForeignParameter(string Key, ForeignOrigin Origin, ForeignHandling Handling, string Why = "")
{
    /// <summary>Whether the row is about that argument.</summary>
    public bool Covers(KernelArgument argument) =>
        Key.EndsWith('*') ? argument.Key.StartsWith(Key.AsSpan(0, Key.Length - 1), StringComparison.Ordinal) : argument.Is(Key);
}
