namespace Rootcast.Contract.Foreign;

/// <summary>An argument, and the text that it stands in.</summary>
/// <param name="Argument">As written.</param>
/// <param name="Text">Which of the texts, counted from 0; the later text wins.</param>
internal readonly record struct FoundArgument(KernelArgument Argument, int Text)
{
    /// <summary>What stands after <c>=</c>; empty when nothing does.</summary>
    public string Value => Argument.Value ?? "";

    /// <summary>A switch's position: without a value on; <c>0</c>, <c>no</c>, <c>off</c> and <c>false</c> off.</summary>
    public bool IsOn => Value is not ("0" or "no" or "off" or "false");

    /// <inheritdoc/>
    public override string ToString() => Argument.ToString();
}
