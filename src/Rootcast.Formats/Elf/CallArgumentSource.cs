namespace Rootcast.Formats.Elf;

/// <summary>Where a <see cref="CallArgument"/> comes from.</summary>
internal enum CallArgumentSource
{
    Number,
    Result,
    Kept,
    Choice,
}
