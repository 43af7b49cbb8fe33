using Rootcast.Formats;
using Rootcast.Formats.Tar;
using Rootcast.Formats.Tree;

namespace Rootcast.Images.Trees;

/// <summary>Bytes that stand in several pieces of a file.</summary>
/// <param name="archive">The file.</param>
/// <param name="pieces">Where they are, in their order; together what is stored of the tree's file: its bytes without its holes.</param>
internal sealed class ScatteredData(FileStream archive, IReadOnlyList<DataRange> pieces) : TreeData
{
    internal override void Write(TarWriter writer, TreeEntry entry)
    {
        using Pieces stored = new(archive, pieces);
        byte[] buffer = new byte[256 << 10];
        writer.Begin(entry);
        while (stored.Read(buffer) is > 0 and int got)
        {
            writer.WriteData(buffer.AsSpan(0, got));
        }
        writer.End();
    }

    internal override byte[] ReadAll(TreeEntry entry)
    {
        if (entry.Size > Array.MaxLength)
        {
            throw new InvalidDataException($"{entry.Path} has {entry.Size} bytes, more than can be edited");
        }
        using Pieces stored = new(archive, pieces);
        byte[] all = new byte[entry.Size];
        foreach (DataRange range in RangesOf(entry))
        {
            stored.ReadExactly(all, (int)range.Offset, (int)range.Length);
        }
        return all;
    }

    internal override void CopyTo(FileStream file, TreeEntry entry)
    {
        using Pieces stored = new(archive, pieces);
        byte[] buffer = new byte[256 << 10];
        foreach (DataRange range in RangesOf(entry))
        {
            file.Seek(range.Offset, SeekOrigin.Begin);
            for (long left = range.Length; left > 0; )
            {
                int part = (int)Math.Min(left, buffer.Length);
                stored.ReadExactly(buffer, 0, part);
                file.Write(buffer, 0, part);
                left -= part;
            }
        }
        file.SetLength(entry.Size);
    }

    internal override (string Path, long Offset)? PlaceOf(TreeEntry entry) =>
        entry.DataRanges is null && pieces is [var only] ? (archive.Name, only.Offset) : null;

    private static IReadOnlyList<DataRange> RangesOf(TreeEntry entry) => entry.DataRanges ?? [new DataRange(0, entry.Size)];

    /// <summary>The pieces one after another.</summary>
    private sealed class Pieces(FileStream archive, IReadOnlyList<DataRange> pieces) : ForwardStream
    {
        private int index;
        private long done;

        public override int Read(Span<byte> buffer)
        {
            while (index < pieces.Count && done == pieces[index].Length)
            {
                index++;
                done = 0;
            }
            if (index == pieces.Count || buffer.IsEmpty)
            {
                return 0;
            }
            int most = (int)Math.Min(buffer.Length, pieces[index].Length - done);
            int got = RandomAccess.Read(archive.SafeFileHandle, buffer[..most], pieces[index].Offset + done);
            done += got;
            return got > 0 ? got : throw new EndOfStreamException($"{archive.Name} was cut while it was read");
        }
    }
}
