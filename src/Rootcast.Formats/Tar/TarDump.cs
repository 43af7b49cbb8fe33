using Rootcast.Formats.Tree;

namespace Rootcast.Formats.Tar;

/// <summary>A tar archive as text for people: a line an entry.</summary>
public static class TarDump
{
    /// <summary>Writes the list of a whole archive.</summary>
    /// <exception cref="InvalidDataException">The archive is damaged; what came before is written.</exception>
    public static void Write(Stream archive, TextWriter text)
    {
        TarReader reader = new(archive);
        while (reader.Next() is { } entry)
        {
            text.Write(EntryText.Of(entry));
            text.Write('\n');
        }
        if (!reader.EndMarkSeen)
        {
            text.Write("(no end mark: the archive may have been cut between two entries)\n");
        }
    }
}
