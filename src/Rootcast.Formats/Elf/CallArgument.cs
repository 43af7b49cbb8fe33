namespace Rootcast.Formats.Elf;

/// <summary>An argument of a call in a <see cref="SystemCallProgram"/>: a number or address that is known beforehand, or what the program knows by
/// then.</summary>
public readonly struct CallArgument
{
    private CallArgument(CallArgumentSource source, int number)
    {
        Source = source;
        Number = number;
    }

    /// <summary>What the call before returned: a descriptor, a length.</summary>
    public static CallArgument Result { get; } = new(CallArgumentSource.Result, 0);

    /// <summary>What <see cref="SystemCallProgram.Keep"/> kept.</summary>
    public static CallArgument Kept { get; } = new(CallArgumentSource.Kept, 0);

    /// <summary>What <see cref="SystemCallProgram.Choose"/> chose.</summary>
    public static CallArgument Choice { get; } = new(CallArgumentSource.Choice, 0);

    internal CallArgumentSource Source { get; }

    /// <summary>The number; a negative one is extended to 64 bits.</summary>
    internal int Number { get; }

    /// <summary>A number or address.</summary>
    public static implicit operator CallArgument(uint number) => new(CallArgumentSource.Number, unchecked((int)number));

    /// <summary>A number.</summary>
    public static implicit operator CallArgument(int number) => new(CallArgumentSource.Number, number);
}
