using System.Globalization;
using System.Text;

namespace Rootcast.Contract;

/// <summary>
/// The files that a server hands out once in a boot: for each a line <c>MODE LENGTH PATH</c> (octal, decimal), its bytes and a newline. Read by init, so nothing in
/// it is taken on trust.
/// </summary>
public static class SecretFiles
{
    /// <summary>Bytes of the longest text that is read.</summary>
    public const int Longest = 2 << 20;

    /// <summary>How many files there can be.</summary>
    public const int Most = 1024;

    private const int LongestPath = 1024;
    private const int LargestMode = 0xFFF; // 07777

    /// <summary>Whether a text can be the path of one: absolute, no part of it empty, <c>.</c> or <c>..</c>, without control characters.</summary>
    public static bool IsPath(string path)
    {
        if (path.Length is < 2 or > LongestPath || path[0] != '/')
        {
            return false;
        }
        foreach (char one in path)
        {
            if (char.IsControl(one))
            {
                return false;
            }
        }
        foreach (string part in path[1..].Split('/'))
        {
            if (part.Length is 0 or > 255 || part is "." or "..")
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>As <see cref="Parse"/> reads them.</summary>
    public static byte[] ToBytes(IReadOnlyList<(string Path, int Mode, byte[] Content)> files)
    {
        using MemoryStream bytes = new();
        foreach ((string path, int mode, byte[] content) in files)
        {
            bytes.Write(
                Encoding.UTF8.GetBytes(
                    string.Create(CultureInfo.InvariantCulture, $"{Convert.ToString(mode, 8)} {content.Length} {path}\n")
                )
            );
            bytes.Write(content);
            bytes.WriteByte((byte)'\n');
        }
        return bytes.ToArray();
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="InvalidDataException">They are not what <see cref="ToBytes"/> makes.</exception>
    public static IReadOnlyList<(string Path, int Mode, byte[] Content)> Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Longest)
        {
            throw Bad(0, $"{bytes.Length} bytes; {Longest} are the most");
        }
        List<(string, int, byte[])> files = [];
        int at = 0;
        while (at < bytes.Length)
        {
            int length = bytes[at..].IndexOf((byte)'\n');
            string[] words = length < 0 ? [] : Encoding.UTF8.GetString(bytes.Slice(at, length)).Split(' ', 3);
            if (words.Length != 3 || !IsPath(words[2]) || files.Count == Most)
            {
                throw Bad(at, "a line that names no file");
            }
            int mode = ModeOf(words[0]);
            bool isNumber = int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int size);
            int start = at + length + 1;
            if (mode < 0 || !isNumber || size > bytes.Length - start - 1 || bytes[start + size] != '\n')
            {
                throw Bad(at, "permissions or length are wrong");
            }
            files.Add((words[2], mode, bytes.Slice(start, size).ToArray()));
            at = start + size + 1;
        }
        return files;
    }

    private static int ModeOf(string text)
    {
        int mode = 0;
        foreach (char digit in text)
        {
            if (digit is < '0' or > '7' || mode > LargestMode)
            {
                return -1;
            }
            mode = (mode * 8) + (digit - '0');
        }
        return text.Length > 0 && mode <= LargestMode ? mode : -1;
    }

    private static InvalidDataException Bad(int at, string why) => new($"secrets, byte {at}: {why}");
}
