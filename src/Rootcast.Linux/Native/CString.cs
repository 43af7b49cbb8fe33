using System.Text;

namespace Rootcast.Linux.Native;

/// <summary>A name as C wants it, with its NUL, on the stack when it is short.</summary>
internal ref struct CString
{
    private readonly ReadOnlySpan<byte> text;

    /// <summary>Copies <paramref name="name"/> and ends it with a NUL.</summary>
    /// <param name="name">The bytes; a NUL in them would cut the name short and is refused.</param>
    /// <param name="scratch">Where it goes when it fits.</param>
    internal CString(ReadOnlySpan<byte> name, Span<byte> scratch)
    {
        if (name.Contains((byte)0))
        {
            throw new ArgumentException($"a name may not hold a NUL: {Encoding.UTF8.GetString(name)}", nameof(name));
        }
        Span<byte> place = name.Length < scratch.Length ? scratch : new byte[name.Length + 1];
        name.CopyTo(place);
        place[name.Length] = 0;
        text = place[..(name.Length + 1)];
    }

    public readonly ref readonly byte GetPinnableReference() => ref text.GetPinnableReference();
}
