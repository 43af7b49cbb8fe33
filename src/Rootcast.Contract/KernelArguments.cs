using System.Collections;

namespace Rootcast.Contract;

/// <summary>A kernel command line, split as <c>next_arg()</c> in the kernel's lib/cmdline.c does: words at white space, double quotes keep
/// white space together (around the value or the whole word), no escapes.</summary>
public sealed class KernelArguments(IReadOnlyList<KernelArgument> arguments) : IReadOnlyList<KernelArgument>
{
    /// <summary>No arguments.</summary>
    public static KernelArguments Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => arguments.Count;

    /// <inheritdoc/>
    public KernelArgument this[int index] => arguments[index];

    /// <summary>Splits a command line. Every text is a command line, so this never fails.</summary>
    public static KernelArguments Parse(string text)
    {
        List<KernelArgument> found = [];
        int at = 0;
        while (at < text.Length)
        {
            if (IsSpace(text[at]))
            {
                at++;
                continue;
            }
            int start = at;
            bool quoted = false;
            while (at < text.Length && (quoted || !IsSpace(text[at])))
            {
                quoted ^= text[at] == '"';
                at++;
            }
            found.Add(Word(text[start..at]));
        }
        return new KernelArguments(found);
    }

    /// <summary>These arguments, then the others; where a name stands twice the later counts.</summary>
    public KernelArguments Concat(KernelArguments others) => new([.. arguments, .. others]);

    /// <summary>The last value of that name; null when it is absent or stands without a value.</summary>
    public string? Last(string key)
    {
        for (int i = arguments.Count - 1; i >= 0; i--)
        {
            if (arguments[i].Is(key))
            {
                return arguments[i].Value;
            }
        }
        return null;
    }

    /// <summary>Every value of that name in order; an empty string where it stands without one.</summary>
    public IEnumerable<string> All(string key) => arguments.Where(argument => argument.Is(key)).Select(argument => argument.Value ?? "");

    /// <summary>Whether an argument of that name is there, with or without a value.</summary>
    public bool Has(string key) => arguments.Any(argument => argument.Is(key));

    /// <summary>A switch: absent is false; present without a value, <c>1</c>, <c>yes</c>, <c>on</c> true; <c>0</c>, <c>no</c>, <c>off</c> false.</summary>
    public bool Flag(string key) => Has(key) && Last(key) is not ("0" or "no" or "off" or "false");

    /// <inheritdoc/>
    public IEnumerator<KernelArgument> GetEnumerator() => arguments.GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', arguments);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static KernelArgument Word(string word)
    {
        if (word[0] == '"')
        {
            word = word[1..];
            word = word.EndsWith('"') ? word[..^1] : word;
        }
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            return new KernelArgument(word, null);
        }
        string value = word[(equals + 1)..];
        if (value.StartsWith('"'))
        {
            value = value[1..];
            value = value.EndsWith('"') ? value[..^1] : value;
        }
        return new KernelArgument(word[..equals], value);
    }

    private static bool IsSpace(char c) => c is ' ' or '\t' or '\n' or '\r' or '\v' or '\f';
}
