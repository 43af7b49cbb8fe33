namespace Rootcast.Contract;

/// <summary>One word of a kernel command line: <c>quiet</c> or <c>root=/dev/vda</c>.</summary>
/// <param name="Key">What stands before the first <c>=</c>, as written.</param>
/// <param name="Value">What stands after it without its quotes; null when there is no <c>=</c>.</param>
public readonly record struct KernelArgument(string Key, string? Value)
{
    /// <summary>Whether this is the argument of that name; the kernel takes <c>-</c> and <c>_</c> for the same, and so do we.</summary>
    public bool Is(string key)
    {
        if (key.Length != Key.Length)
        {
            return false;
        }
        for (int i = 0; i < key.Length; i++)
        {
            if (Fold(key[i]) != Fold(Key[i]))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>As the kernel reads it: a value with white space in it stands in double quotes.</summary>
    public override string ToString() =>
        Value is null ? Key
        : Value.AsSpan().ContainsAny(" \t\n") ? $"{Key}=\"{Value}\""
        : $"{Key}={Value}";

    private static char Fold(char c) => c == '-' ? '_' : c;
}
