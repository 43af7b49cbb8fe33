using Rootcast.Contract;
using Rootcast.Formats;
using Rootcast.Formats.Tree;

namespace Rootcast.Images.Cpio;

/// <summary>Reads lists of names as <c>find</c> prints them.</summary>
public static class CpioNames
{
    /// <summary>More than this is no list of names.</summary>
    public const int LargestList = 1 << 29;

    /// <summary>Reads to the end of the stream.</summary>
    /// <param name="list">Names, each ended by the separator; the last one need not be. Empty ones are passed over.</param>
    /// <param name="separator">A newline or a NUL.</param>
    /// <exception cref="UserError">A name has a <c>..</c> component, is too long, or the list is larger than 512 MiB.</exception>
    public static IReadOnlyList<SourceName> Read(Stream list, byte separator)
    {
        byte[] bytes = new byte[1 << 16];
        int length = 0;
        while (list.Read(bytes, length, bytes.Length - length) is > 0 and int read)
        {
            length += read;
            if (length > LargestList)
            {
                throw new UserError("The list of names is larger than 512 MiB.", "Give fewer names.", UserErrorKind.Input);
            }
            if (length == bytes.Length)
            {
                Array.Resize(ref bytes, length * 2);
            }
        }
        return Parse(bytes.AsMemory(0, length), separator);
    }

    /// <summary>Splits a list; <c>./x</c>, <c>//x</c>, <c>/x</c> and <c>x/</c> all become <c>x</c>, names that come again are passed over.</summary>
    public static IReadOnlyList<SourceName> Parse(ReadOnlyMemory<byte> list, byte separator)
    {
        List<SourceName> names = [];
        while (!list.IsEmpty)
        {
            int end = list.Span.IndexOf(separator);
            ReadOnlyMemory<byte> raw = end < 0 ? list : list[..end];
            list = end < 0 ? default : list[(end + 1)..];
            if (raw.IsEmpty)
            {
                continue;
            }
            if (!EntryPath.TryNormalise(raw.Span, out UnixPath path))
            {
                throw new UserError(
                    $"The name '{new UnixPath(raw)}' can't stand in an archive: it has a '..', a NUL or more than {EntryPath.MaximumLength} bytes.",
                    "Run this in the directory that the names start at; names with newlines need --null on both sides (find -print0).",
                    UserErrorKind.Input
                );
            }
            names.Add(new SourceName(path, raw.Span[0] == (byte)'/'));
        }
        return names;
    }
}
