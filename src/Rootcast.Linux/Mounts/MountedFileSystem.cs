using System.Globalization;
using System.Text;
using Rootcast.Linux.Files;

namespace Rootcast.Linux.Mounts;

/// <summary>A line of /proc/PID/mountinfo (proc_pid_mountinfo(5)).</summary>
/// <param name="Device">The file system's number, as <c>makedev</c> joins major and minor.</param>
/// <param name="Root">Which directory of the file system is to be seen there: <c>/</c> for all of it.</param>
/// <param name="Place">Where it is mounted.</param>
/// <param name="Type">Its type: <c>squashfs</c>.</param>
/// <param name="Source">Its device, or a word.</param>
/// <param name="Options">The file system's own options: <c>rw,lowerdir=…</c>.</param>
public sealed record MountedFileSystem(ulong Device, string Root, string Place, string Type, string Source, string Options)
{
    /// <summary>All mounts that this process sees, in the order in which they were made.</summary>
    public static IReadOnlyList<MountedFileSystem> All() => Parse(SmallFile.ReadText("/proc/self/mountinfo"));

    /// <summary>Reads the file's text; a line that is not of this form is left out.</summary>
    public static IReadOnlyList<MountedFileSystem> Parse(string text)
    {
        List<MountedFileSystem> mounts = [];
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split(' ');
            int rest = Array.IndexOf(words, "-");
            if (rest < 6 || words.Length < rest + 4)
            {
                continue;
            }
            string[] number = words[2].Split(':');
            if (number.Length == 2 && Number(number[0]) is { } major && Number(number[1]) is { } minor)
            {
                mounts.Add(
                    new MountedFileSystem(
                        FileNodes.DeviceNumber(major, minor),
                        Plain(words[3]),
                        Plain(words[4]),
                        words[rest + 1],
                        Plain(words[rest + 2]),
                        Plain(words[rest + 3])
                    )
                );
            }
        }
        return mounts;
    }

    /// <summary>The value of one of its options; null when it has none.</summary>
    public string? Option(string name)
    {
        foreach (string option in Options.Split(','))
        {
            if (option.StartsWith(name, StringComparison.Ordinal) && option.Length > name.Length && option[name.Length] == '=')
            {
                return option[(name.Length + 1)..];
            }
        }
        return null;
    }

    /// <summary>Blanks and the like stand as <c>\040</c>: a backslash and three octal digits for each byte.</summary>
    private static string Plain(string word)
    {
        if (!word.Contains('\\', StringComparison.Ordinal))
        {
            return word;
        }
        List<byte> bytes = [];
        for (int i = 0; i < word.Length; i++)
        {
            if (word[i] == '\\' && i + 3 < word.Length && word.AsSpan(i + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0)
            {
                bytes.Add((byte)(((word[i + 1] - '0') << 6) | ((word[i + 2] - '0') << 3) | (word[i + 3] - '0')));
                i += 3;
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(word, i, 1));
            }
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static uint? Number(string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number : null;
}
