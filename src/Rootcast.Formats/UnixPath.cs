using System.Text;

namespace Rootcast.Formats;

/// <summary>A path or file name as the kernel has it: bytes, any but NUL, of no particular encoding. Two of the same bytes are equal; they sort by
/// byte value.</summary>
public readonly struct UnixPath(ReadOnlyMemory<byte> bytes) : IEquatable<UnixPath>, IComparable<UnixPath>
{
    /// <summary>The bytes, without a terminating NUL.</summary>
    public ReadOnlyMemory<byte> Memory { get; } = bytes;

    /// <summary>The bytes, without a terminating NUL.</summary>
    public ReadOnlySpan<byte> Bytes => Memory.Span;

    /// <summary>Whether there are no bytes.</summary>
    public bool IsEmpty => Memory.IsEmpty;

    public static bool operator ==(UnixPath left, UnixPath right) => left.Equals(right);

    public static bool operator !=(UnixPath left, UnixPath right) => !left.Equals(right);

    public static bool operator <(UnixPath left, UnixPath right) => left.CompareTo(right) < 0;

    public static bool operator <=(UnixPath left, UnixPath right) => left.CompareTo(right) <= 0;

    public static bool operator >(UnixPath left, UnixPath right) => left.CompareTo(right) > 0;

    public static bool operator >=(UnixPath left, UnixPath right) => left.CompareTo(right) >= 0;

    /// <summary>The UTF-8 bytes of a text.</summary>
    public static UnixPath From(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <inheritdoc/>
    public bool Equals(UnixPath other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is UnixPath other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public int CompareTo(UnixPath other) => Bytes.SequenceCompareTo(other.Bytes);

    /// <summary>For people: UTF-8 where it is that and printable, else <c>\xHH</c> for the odd bytes.</summary>
    public override string ToString()
    {
        StringBuilder text = new(Bytes.Length);
        ReadOnlySpan<byte> rest = Bytes;
        while (!rest.IsEmpty)
        {
            if (
                Rune.DecodeFromUtf8(rest, out Rune rune, out int consumed) == System.Buffers.OperationStatus.Done
                && !Rune.IsControl(rune)
                && rune.Value != '\\'
            )
            {
                text.Append(rune.ToString());
            }
            else
            {
                foreach (byte odd in rest[..consumed])
                {
                    text.Append("\\x").Append(odd.ToString("x2"));
                }
            }
            rest = rest[consumed..];
        }
        return text.ToString();
    }
}
