using Rootcast.Formats.Tar;
using Rootcast.Formats.Tree;

namespace Rootcast.Images.Trees;

/// <summary>Bytes that stand in an uncompressed tar.</summary>
/// <param name="archive">The tar.</param>
/// <param name="offset">Where they begin in it.</param>
/// <param name="length">How many are stored: the file's, without its holes.</param>
internal sealed class ArchivedData(FileStream archive, long offset, long length) : TreeData
{
    internal override void Write(TarWriter writer, TreeEntry entry)
    {
        writer.Begin(entry);
        Copy(writer.WriteData, offset, length);
        writer.End();
    }

    internal override byte[] ReadAll(TreeEntry entry)
    {
        if (entry.Size > Array.MaxLength)
        {
            throw new InvalidDataException($"{entry.Path} has {entry.Size} bytes, more than can be edited");
        }
        byte[] all = new byte[entry.Size];
        IReadOnlyList<DataRange> ranges = entry.DataRanges ?? [new DataRange(0, entry.Size)];
        archive.Seek(offset, SeekOrigin.Begin);
        foreach (DataRange range in ranges)
        {
            archive.ReadExactly(all, (int)range.Offset, (int)range.Length);
        }
        return all;
    }

    internal override void CopyTo(FileStream file, TreeEntry entry)
    {
        IReadOnlyList<DataRange> ranges = entry.DataRanges ?? [new DataRange(0, entry.Size)];
        long from = offset;
        foreach (DataRange range in ranges)
        {
            file.Seek(range.Offset, SeekOrigin.Begin);
            Copy(file.Write, from, range.Length);
            from += range.Length;
        }
        file.SetLength(entry.Size);
    }

    internal override (string Path, long Offset)? PlaceOf(TreeEntry entry) => entry.DataRanges is null ? (archive.Name, offset) : null;

    private delegate void Sink(ReadOnlySpan<byte> bytes);

    private void Copy(Sink sink, long from, long count)
    {
        byte[] buffer = new byte[(int)Math.Min(count, 256 << 10)];
        archive.Seek(from, SeekOrigin.Begin);
        for (long left = count; left > 0; )
        {
            int got = archive.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            if (got == 0)
            {
                throw new EndOfStreamException($"{archive.Name} was cut while it was read");
            }
            sink(buffer.AsSpan(0, got));
            left -= got;
        }
    }
}
