using System.Buffers.Text;

namespace Rootcast.Formats.Tar;

/// <summary>The records "LENGTH KEY=VALUE\n" of a pax header that is being written.</summary>
internal sealed class PaxRecords
{
    private byte[] buffer = new byte[1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => buffer.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Add(ReadOnlySpan<byte> key, long value)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out int length);
        Add(key, digits[..length]);
    }

    public void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        // The length counts its own digits.
        int rest = key.Length + value.Length + 3;
        int length = rest + Digits(rest);
        length = rest + Digits(length);
        if (Length + length > buffer.Length)
        {
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, Length + length));
        }
        Span<byte> record = buffer.AsSpan(Length, length);
        Utf8Formatter.TryFormat(length, record, out int used);
        record[used++] = (byte)' ';
        key.CopyTo(record[used..]);
        used += key.Length;
        record[used++] = (byte)'=';
        value.CopyTo(record[used..]);
        record[^1] = (byte)'\n';
        Length += length;
    }

    private static int Digits(int value)
    {
        int digits = 1;
        while ((value /= 10) > 0)
        {
            digits++;
        }
        return digits;
    }
}
