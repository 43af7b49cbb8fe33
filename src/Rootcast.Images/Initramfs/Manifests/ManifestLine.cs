using System.Globalization;
using System.Text;
using Rootcast.Formats;
using Rootcast.Formats.Tree;

namespace Rootcast.Images.Initramfs;

/// <summary>A line of a manifest: <c>TYPE MODE UID GID PATH …  # REASON &lt; PATH THAT PULLED IT IN</c>.</summary>
/// <param name="Entry">What the archive says of it; a file's size is not known here.</param>
/// <param name="Reason">Why it is there.</param>
internal sealed record ManifestLine(TreeEntry Entry, InitramfsReason Reason)
{
    /// <summary>More lead to no entry that a kernel would unpack.</summary>
    public const int LongestLine = 1 << 20;

    private const string By = " < ";
    private const int Words = 5;

    private static readonly (string Word, NodeKind Kind)[] Types =
    [
        ("dir", NodeKind.Directory),
        ("file", NodeKind.File),
        ("link", NodeKind.Symlink),
        ("char", NodeKind.CharacterDevice),
        ("block", NodeKind.BlockDevice),
        ("fifo", NodeKind.Fifo),
        ("socket", NodeKind.Socket),
    ];

    /// <summary>Path of the file below the root that has its data; null when it is made.</summary>
    public string? From { get; init; }

    /// <summary>What makes its data; null when it has a text or a file.</summary>
    public MadeContent? Made { get; init; }

    /// <summary>Its data.</summary>
    public ReadOnlyMemory<byte>? Text { get; init; }

    /// <summary>The line, without a newline.</summary>
    public override string ToString()
    {
        string type = Array.Find(Types, pair => pair.Kind == Entry.Kind).Word;
        string mode = Convert.ToString(Entry.Mode, 8).PadLeft(4, '0');
        string source = Entry.Kind switch
        {
            NodeKind.Symlink => " " + ManifestText.Quote(Entry.Target),
            NodeKind.CharacterDevice or NodeKind.BlockDevice => string.Create(
                CultureInfo.InvariantCulture,
                $" {Entry.DeviceMajor} {Entry.DeviceMinor}"
            ),
            NodeKind.File => Made is { } made ? $" @{NameOf(made)}"
            : Text is { } text ? $" @text {ManifestText.Quote(text.Span)}"
            : " " + ManifestText.Quote(From ?? ""),
            _ => "",
        };
        string comment =
            Reason.Because.Length == 0 ? ""
            : Reason.By is null ? $"  # {Reason.Because}"
            : $"  # {Reason.Because}{By}{Reason.By}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{type} {mode} {Entry.Uid} {Entry.Gid} {ManifestText.Quote([(byte)'/', .. Entry.Path.Bytes])}{source}{comment}"
        );
    }

    /// <summary>Reads a line; null for one that is empty or a comment.</summary>
    /// <param name="line">Without its newline.</param>
    /// <param name="epoch">Time of the entry.</param>
    /// <exception cref="InvalidDataException">With the reason.</exception>
    public static ManifestLine? Parse(ReadOnlySpan<byte> line, long epoch)
    {
        if (line.Length > LongestLine)
        {
            throw new InvalidDataException($"it has {line.Length} bytes, more than {LongestLine}");
        }
        List<(byte[] Bytes, bool Quoted)> words = [];
        string comment = ManifestText.Split(line, words);
        if (words.Count == 0)
        {
            return null;
        }
        (string word, NodeKind kind) = Array.Find(Types, type => type.Word == Read(words[0].Bytes));
        if (word is null)
        {
            throw new InvalidDataException(
                $"'{Read(words[0].Bytes)}' is no type: {string.Join(", ", Types.Select(type => type.Word))} are"
            );
        }
        if (words.Count < Words)
        {
            throw new InvalidDataException("it has less than type, mode, owner, group and path");
        }
        if (!EntryPath.TryNormalise(words[4].Bytes, out UnixPath path) || path.IsEmpty || words[4].Bytes[0] != (byte)'/')
        {
            throw new InvalidDataException($"'{new UnixPath(words[4].Bytes)}' is no absolute path of an entry");
        }
        TreeEntry entry = new()
        {
            Path = path,
            Kind = kind,
            Mode = ReadMode(words[1].Bytes),
            Uid = ReadNumber(words[2].Bytes, "owner"),
            Gid = ReadNumber(words[3].Bytes, "group"),
            ModifiedSeconds = epoch,
        };
        int by = comment.LastIndexOf(By, StringComparison.Ordinal);
        InitramfsReason reason = new("/" + path, by < 0 ? comment : comment[..by], by < 0 ? null : comment[(by + By.Length)..]);
        ManifestLine read = new(entry, reason);
        List<(byte[] Bytes, bool Quoted)> rest = words[Words..];
        switch (kind)
        {
            case NodeKind.Symlink:
                return read with { Entry = entry with { Target = new UnixPath(One(rest, "a target")) } };
            case NodeKind.CharacterDevice or NodeKind.BlockDevice when rest.Count == 2:
                return read with
                {
                    Entry = entry with
                    {
                        DeviceMajor = ReadNumber(rest[0].Bytes, "major number"),
                        DeviceMinor = ReadNumber(rest[1].Bytes, "minor number"),
                    },
                };
            case NodeKind.CharacterDevice or NodeKind.BlockDevice:
                throw new InvalidDataException("a device has major and minor number behind its path");
            case NodeKind.File:
                return ReadSource(read, rest);
            default:
                return rest.Count == 0 ? read : throw new InvalidDataException($"a {word} has nothing behind its path");
        }
    }

    private static ManifestLine ReadSource(ManifestLine line, List<(byte[] Bytes, bool Quoted)> rest)
    {
        if (rest.Count > 0 && !rest[0].Quoted && rest[0].Bytes is [(byte)'@', ..])
        {
            string made = Read(rest[0].Bytes)[1..];
            if (made == "text" && rest.Count == 2)
            {
                return line with { Text = rest[1].Bytes };
            }
            return rest.Count == 1 && Enum.GetValues<MadeContent>().Any(known => NameOf(known) == made)
                ? line with
                {
                    Made = Enum.GetValues<MadeContent>().First(known => NameOf(known) == made),
                }
                : throw new InvalidDataException($"'@{made}' is none of @init, @index, @manifest, @text \"…\"");
        }
        byte[] from = One(rest, "a file of the root that has its data");
        return from is [(byte)'/', ..]
            ? line with
            {
                From = Read(from),
            }
            : throw new InvalidDataException($"'{new UnixPath(from)}' is no absolute path below the root");
    }

    private static string NameOf(MadeContent made) =>
        made switch
        {
            MadeContent.Init => "init",
            MadeContent.Index => "index",
            _ => "manifest",
        };

    private static byte[] One(List<(byte[] Bytes, bool Quoted)> words, string what) =>
        words.Count == 1 && words[0].Bytes.Length > 0
            ? words[0].Bytes
            : throw new InvalidDataException($"behind the path stands {what}, and nothing else");

    private static int ReadMode(byte[] word)
    {
        const int most = 4;
        int mode = 0;
        foreach (byte digit in word)
        {
            mode = digit is >= (byte)'0' and <= (byte)'7' ? (mode << 3) + digit - '0' : -1;
            if (mode is < 0 or > 0xFFF)
            {
                break;
            }
        }
        return word.Length is > 0 and <= most + 1 && mode is >= 0 and <= 0xFFF
            ? mode
            : throw new InvalidDataException($"'{Read(word)}' is no mode from 0000 to 7777");
    }

    private static uint ReadNumber(byte[] word, string what) =>
        uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out uint number)
            ? number
            : throw new InvalidDataException($"'{Read(word)}' is no {what}");

    private static string Read(byte[] word)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(word);
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException($"'{new UnixPath(word)}' is not UTF-8", e);
        }
    }
}
