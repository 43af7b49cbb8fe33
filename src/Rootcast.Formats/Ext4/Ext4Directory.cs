using System.Buffers.Binary;

namespace Rootcast.Formats.Ext4;

/// <summary>The names in a directory. The blocks of its hash tree look like blocks without names, so they need no reading.</summary>
public static class Ext4Directory
{
    private const int Header = 8;

    /// <summary>Reads the entries of one block that are in use, <c>.</c> and <c>..</c> left out.</summary>
    /// <exception cref="InvalidDataException">An entry goes beyond the block.</exception>
    public static IReadOnlyList<(UnixPath Name, uint Inode)> Read(ReadOnlySpan<byte> block)
    {
        List<(UnixPath, uint)> names = [];
        for (int at = 0; at + Header <= block.Length; )
        {
            uint inode = BinaryPrimitives.ReadUInt32LittleEndian(block[at..]);
            int length = BinaryPrimitives.ReadUInt16LittleEndian(block[(at + 4)..]);
            // A length of 65536 does not fit into 16 bits.
            length = length is 0 or 0xFFFF && block.Length == 65536 ? 65536 - at : length;
            int name = block[at + 6];
            if (length < Header || at + length > block.Length || (inode != 0 && name > length - Header))
            {
                throw new InvalidDataException($"ext4: an entry of {length} bytes at byte {at} of a directory's block cannot be");
            }
            ReadOnlySpan<byte> text = block.Slice(at + Header, inode == 0 ? 0 : name);
            if (inode != 0 && !text.IsEmpty && !text.SequenceEqual("."u8) && !text.SequenceEqual(".."u8))
            {
                names.Add((new UnixPath(text.ToArray()), inode));
            }
            at += length;
        }
        return names;
    }
}
