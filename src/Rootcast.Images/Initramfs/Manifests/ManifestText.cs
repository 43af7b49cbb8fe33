using System.Buffers;
using System.Globalization;
using System.Text;
using Rootcast.Formats;

namespace Rootcast.Images.Initramfs;

/// <summary>Words of a manifest. One that has only printable characters other than blanks, quotes, <c>#</c> and backslashes stands as it is; others stand in
/// double quotes, with <c>\"</c>, <c>\\</c>, <c>\n</c>, <c>\t</c>, and <c>\xHH</c> for a byte that is not part of a printable character of UTF-8.</summary>
internal static class ManifestText
{
    /// <summary>A word as it stands in a manifest.</summary>
    public static string Quote(ReadOnlySpan<byte> word)
    {
        StringBuilder text = new(word.Length + 2);
        bool plain = !word.IsEmpty;
        while (!word.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(word, out Rune rune, out int used) == OperationStatus.Done && !Rune.IsControl(rune))
            {
                plain &= !Rune.IsWhiteSpace(rune) && rune.Value is not ('"' or '\\' or '#') && !(text.Length == 0 && rune.Value == '@');
                text.Append(rune.Value is '"' or '\\' ? "\\" : "").Append(rune.ToString());
            }
            else
            {
                plain = false;
                foreach (byte odd in word[..used])
                {
                    text.Append(
                        odd switch
                        {
                            (byte)'\n' => "\\n",
                            (byte)'\t' => "\\t",
                            _ => string.Create(CultureInfo.InvariantCulture, $"\\x{odd:x2}"),
                        }
                    );
                }
            }
            word = word[used..];
        }
        return plain ? text.ToString() : $"\"{text}\"";
    }

    /// <summary>A word as it stands in a manifest.</summary>
    public static string Quote(UnixPath word) => Quote(word.Bytes);

    /// <summary>A word as it stands in a manifest.</summary>
    public static string Quote(string word) => Quote(Encoding.UTF8.GetBytes(word));

    /// <summary>Splits a line into its words and the comment behind them.</summary>
    /// <param name="line">Without its newline.</param>
    /// <param name="words">Bytes of each word, and whether it was quoted.</param>
    /// <returns>The comment, without <c>#</c> and blanks around it.</returns>
    /// <exception cref="InvalidDataException">A quote does not end, or an escape is none.</exception>
    public static string Split(ReadOnlySpan<byte> line, List<(byte[] Bytes, bool Quoted)> words)
    {
        int at = 0;
        while (true)
        {
            while (at < line.Length && line[at] is (byte)' ' or (byte)'\t' or (byte)'\r')
            {
                at++;
            }
            if (at == line.Length)
            {
                return "";
            }
            if (line[at] == (byte)'#')
            {
                return Encoding.UTF8.GetString(line[(at + 1)..]).Trim();
            }
            words.Add(line[at] == (byte)'"' ? (Quoted(line, ref at), true) : (Plain(line, ref at), false));
        }
    }

    private static byte[] Plain(ReadOnlySpan<byte> line, ref int at)
    {
        ReadOnlySpan<byte> rest = line[at..];
        int end = rest.IndexOfAny(" \t\r"u8);
        ReadOnlySpan<byte> word = end < 0 ? rest : rest[..end];
        at += word.Length;
        return word.IndexOfAny((byte)'"', (byte)'\\') < 0
            ? word.ToArray()
            : throw new InvalidDataException($"'{Encoding.UTF8.GetString(word)}' has a quote or backslash in it: quote the whole word");
    }

    private static byte[] Quoted(ReadOnlySpan<byte> line, ref int at)
    {
        ArrayBufferWriter<byte> word = new();
        for (at++; at < line.Length; at++)
        {
            switch (line[at])
            {
                case (byte)'"':
                    at++;
                    if (at < line.Length && line[at] is not ((byte)' ' or (byte)'\t' or (byte)'\r'))
                    {
                        throw new InvalidDataException("a blank is missing behind a closing quote");
                    }
                    return word.WrittenSpan.ToArray();
                case (byte)'\\':
                    word.Write([Escaped(line, ref at)]);
                    break;
                default:
                    word.Write(line.Slice(at, 1));
                    break;
            }
        }
        throw new InvalidDataException("a quote does not end on its line");
    }

    private static byte Escaped(ReadOnlySpan<byte> line, ref int at)
    {
        at++;
        byte kind = at < line.Length ? line[at] : (byte)0;
        switch (kind)
        {
            case (byte)'"' or (byte)'\\':
                return kind;
            case (byte)'n':
                return (byte)'\n';
            case (byte)'t':
                return (byte)'\t';
            case (byte)'x'
                when at + 2 < line.Length
                    && byte.TryParse(line.Slice(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value):
                at += 2;
                return value;
            default:
                throw new InvalidDataException("a backslash is followed by none of \" \\ n t xHH");
        }
    }
}
