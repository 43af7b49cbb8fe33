using System.Buffers.Text;
using Rootcast.Formats.Tree;

namespace Rootcast.Formats.Tar;

public sealed partial class TarReader
{
    /// <summary>Old GNU: four pieces in the header, the others in blocks between header and data.</summary>
    private DataRange[] ReadOldSparse(long stored, out long size)
    {
        ReadOnlySpan<byte> header = source.Buffered[..TarLayout.BlockSize];
        size = Number(header, TarLayout.SparseRealSize, TarLayout.SparseNumberLength, "real size");
        bool continues = header[TarLayout.SparseContinues] != 0;
        List<DataRange> map = [];
        bool more = AddOldRanges(map, header[TarLayout.SparseMap..], TarLayout.SparseMapEntries);
        source.Consume(TarLayout.BlockSize);
        while (continues)
        {
            if (!source.Ensure(TarLayout.BlockSize))
            {
                throw Cut("a sparse map");
            }
            ReadOnlySpan<byte> block = source.Buffered[..TarLayout.BlockSize];
            continues = block[TarLayout.SparseBlockContinues] != 0;
            more = more && AddOldRanges(map, block, TarLayout.SparseBlockEntries);
            source.Consume(TarLayout.BlockSize);
        }
        return Checked(map, stored, size);
    }

    private bool AddOldRanges(List<DataRange> map, ReadOnlySpan<byte> block, int count)
    {
        for (int index = 0; index < count; index++)
        {
            int at = index * TarLayout.SparseEntryLength;
            if (block[at] == 0)
            {
                return false;
            }
            long offset = Number(block, at, TarLayout.SparseNumberLength, "sparse offset");
            long length = Number(block, at + TarLayout.SparseNumberLength, TarLayout.SparseNumberLength, "sparse length");
            Add(map, offset, length);
        }
        return true;
    }

    /// <summary>A plain file, or one of the three pax varieties: 0.0 and 0.1 have the map in the pax header, 1.0 before the data.</summary>
    private DataRange[]? ReadPlainOrPaxSparse(ref long stored, out long size)
    {
        source.Consume(TarLayout.BlockSize);
        size = stored;
        if (pax.SparseMajor == 1 && pax.SparseMinor == 0)
        {
            size = pax.SparseRealSize ?? pax.SparseSize ?? throw Invalid("a sparse file without its real size");
            return Checked(ReadMapBeforeData(ref stored), stored, size);
        }
        if (pax.SparseMap is { } map)
        {
            size = pax.SparseSize ?? pax.SparseRealSize ?? throw Invalid("a sparse file without its real size");
            return Checked(map, stored, size);
        }
        if (pax.SparseMajor is not null)
        {
            throw Invalid($"sparse format {pax.SparseMajor}.{pax.SparseMinor} is not known");
        }
        return null;
    }

    private List<DataRange> ReadMapBeforeData(ref long stored)
    {
        long start = source.Position;
        long bound = stored;
        long count = ReadMapLine(start, bound);
        if (count > TarLayout.MaximumRanges)
        {
            throw Invalid($"a sparse map of {count} pieces; at most {TarLayout.MaximumRanges} are read");
        }
        List<DataRange> map = [];
        for (long index = 0; index < count; index++)
        {
            long offset = ReadMapLine(start, bound);
            Add(map, offset, ReadMapLine(start, bound));
        }
        long used = source.Position - start;
        long blocks = (used + TarLayout.BlockSize - 1) & -TarLayout.BlockSize;
        if (blocks > stored)
        {
            throw Invalid("the sparse map is longer than the entry");
        }
        if (source.Skip(blocks - used) != blocks - used)
        {
            throw Cut("a sparse map");
        }
        stored -= blocks;
        return map;
    }

    /// <summary>A decimal number and its line feed.</summary>
    private long ReadMapLine(long start, long bound)
    {
        // 19 digits and the line feed; less may be left at the end of the stream.
        if (!source.Ensure(20) && !source.Buffered.Contains((byte)'\n'))
        {
            throw Cut("a sparse map");
        }
        ReadOnlySpan<byte> text = source.Buffered[..Math.Min(20, source.Buffered.Length)];
        if (
            !Utf8Parser.TryParse(text, out long value, out int used)
            || value < 0
            || used == text.Length
            || text[used] != '\n'
            || text[0] is not (>= (byte)'0' and <= (byte)'9')
        )
        {
            throw Invalid($"the sparse map has no number at byte {source.Position}");
        }
        source.Consume(used + 1);
        if (source.Position - start > bound)
        {
            throw Invalid("the sparse map is longer than the entry");
        }
        return value;
    }

    private void Add(List<DataRange> map, long offset, long length)
    {
        if (map.Count >= TarLayout.MaximumRanges)
        {
            throw Invalid($"a sparse map of more than {TarLayout.MaximumRanges} pieces");
        }
        map.Add(new DataRange(offset, length));
    }

    private DataRange[] Checked(List<DataRange> map, long stored, long size)
    {
        if (size < 0)
        {
            throw Invalid($"the real size {size} of a sparse file is negative");
        }
        long end = 0;
        long data = 0;
        int kept = 0;
        for (int index = 0; index < map.Count; index++)
        {
            DataRange range = map[index];
            if (range.Offset < end || range.Length < 0 || range.Offset > size || range.Length > size - range.Offset)
            {
                throw Invalid(
                    $"piece {index} of a sparse map ({range.Offset}+{range.Length}) overlaps or lies outside of the file's {size} bytes"
                );
            }
            end = range.Offset + range.Length;
            data += range.Length;
            if (range.Length > 0)
            {
                map[kept++] = range;
            }
        }
        if (data != stored)
        {
            throw Invalid($"a sparse map of {data} bytes for {stored} stored ones");
        }
        map.RemoveRange(kept, map.Count - kept);
        return map.ToArray();
    }
}
