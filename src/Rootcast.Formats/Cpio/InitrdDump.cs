using System.Globalization;
using Rootcast.Formats.Tree;

namespace Rootcast.Formats.Cpio;

/// <summary>An initrd as text for people: a heading a member, a line an entry, then what the kernel would pass over.</summary>
public static class InitrdDump
{
    /// <summary>Writes the list of a whole initrd.</summary>
    /// <exception cref="InvalidDataException">The initrd is damaged; what came before is written.</exception>
    public static void Write(Stream initrd, TextWriter text, InitrdDecompressor? decompressor = null)
    {
        using InitrdReader reader = new(initrd, decompressor);
        int shown = 0;
        while (true)
        {
            TreeEntry? entry = reader.Next();
            for (; shown < reader.Members.Count; shown++)
            {
                InitrdMember member = reader.Members[shown];
                text.Write(string.Create(CultureInfo.InvariantCulture, $"# byte {member.Offset}: {Describe(member)}\n"));
            }
            if (entry is null)
            {
                break;
            }
            text.Write(EntryText.Of(entry));
            text.Write('\n');
        }
        foreach (ArchiveProblem problem in reader.Problems)
        {
            text.Write(string.Create(CultureInfo.InvariantCulture, $"! byte {problem.Offset}: {problem.Reason}\n"));
        }
    }

    private static string Describe(InitrdMember member)
    {
        string kind = member.Compression switch
        {
            InitrdCompression.None => "cpio",
            InitrdCompression.Lz4Legacy => "lz4",
            InitrdCompression compression => compression.ToString().ToLowerInvariant(),
        };
        return member.Opened ? kind : $"{kind}, not opened";
    }
}
