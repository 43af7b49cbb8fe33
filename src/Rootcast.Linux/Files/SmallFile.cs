using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Rootcast.Linux.Files;

/// <summary>Whole small files at once: those of /proc and /sys, whose length nobody knows beforehand.</summary>
public static class SmallFile
{
    /// <summary>More than this is refused.</summary>
    public const int LargestBytes = 16 << 20;

    /// <summary>The bytes of a file.</summary>
    public static byte[] ReadBytes(string path)
    {
        using SafeFileHandle file = FileNodes.Open(path, OpenFlags.ReadOnly);
        return ReadBytes(file, path);
    }

    /// <summary>The text of a file, read as UTF-8.</summary>
    public static string ReadText(string path) => Encoding.UTF8.GetString(ReadBytes(path));

    /// <summary>The text of a file without white space at its ends; null when it cannot be opened or read.</summary>
    public static string? TryReadText(string path)
    {
        using SafeFileHandle file = FileNodes.TryOpen(null, Encoding.UTF8.GetBytes(path), OpenFlags.ReadOnly, 0, out int errno);
        if (errno != 0)
        {
            return null;
        }
        try
        {
            return Encoding.UTF8.GetString(ReadBytes(file, path)).Trim();
        }
        catch (LinuxException)
        {
            // Files of /sys may open and then answer EIO or ENODEV while a device goes.
            return null;
        }
    }

    /// <summary>Writes a file anew.</summary>
    public static void Write(string path, ReadOnlySpan<byte> bytes, int mode = 0x1A4)
    {
        using SafeFileHandle file = FileNodes.Open(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate, mode);
        FileData.Write(file, bytes, path);
    }

    /// <summary>Writes a file anew as UTF-8.</summary>
    public static void Write(string path, string text, int mode = 0x1A4) => Write(path, Encoding.UTF8.GetBytes(text), mode);

    private static byte[] ReadBytes(SafeFileHandle file, string path)
    {
        byte[] buffer = new byte[4096];
        int filled = 0;
        while (FileData.Read(file, buffer.AsSpan(filled), path) is var got and > 0)
        {
            filled += got;
            if (filled > LargestBytes)
            {
                throw new InvalidDataException($"{path} is longer than {LargestBytes} bytes");
            }
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }
        return buffer[..filled];
    }
}
