using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Files;

/// <summary>The names in a directory, by getdents64(2): bytes, in the file system's order, without <c>.</c> and <c>..</c>.</summary>
public static unsafe class DirectoryListing
{
    // struct linux_dirent64: u64 d_ino, s64 d_off, u16 d_reclen, u8 d_type, then the name with its NUL.
    private const int LengthAt = 16;
    private const int TypeAt = 18;
    private const int NameAt = 19;

    /// <summary>Reads a directory from where its handle stands to the end.</summary>
    public static List<DirectoryItem> Read(SafeFileHandle directory, string target = "open directory")
    {
        List<DirectoryItem> items = [];
        byte[] buffer = new byte[32768];
        while (true)
        {
            int length;
            fixed (byte* place = buffer)
            {
                length = (int)Syscall.Check((long)Libc.getdents64(directory, place, (nuint)buffer.Length), "read directory", target);
            }
            if (length == 0)
            {
                return items;
            }
            ReadOnlySpan<byte> rest = buffer.AsSpan(0, length);
            while (!rest.IsEmpty)
            {
                int record = BinaryPrimitives.ReadUInt16LittleEndian(rest[LengthAt..]);
                ReadOnlySpan<byte> name = rest[NameAt..record];
                name = name[..name.IndexOf((byte)0)];
                if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                {
                    items.Add(new DirectoryItem(name.ToArray(), rest[TypeAt] << 12, BinaryPrimitives.ReadUInt64LittleEndian(rest)));
                }
                rest = rest[record..];
            }
        }
    }
}
