using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Files;

/// <summary>Extended attributes, by open file or by path (of the link itself). xattr(7) bounds a value and the list of names to 64 KiB.</summary>
public static unsafe class ExtendedAttributes
{
    private const int LargestValue = 65536;

    /// <summary>fsetxattr(2).</summary>
    public static void Set(SafeFileHandle file, string name, ReadOnlySpan<byte> value)
    {
        fixed (byte* key = new CString(Encoding.UTF8.GetBytes(name), stackalloc byte[256]))
        fixed (byte* bytes = value)
        {
            Syscall.Check(Libc.fsetxattr(file, key, bytes, (nuint)value.Length, 0), $"set {name} of", "open file");
        }
    }

    /// <summary>lsetxattr(2).</summary>
    public static void Set(ReadOnlySpan<byte> path, string name, ReadOnlySpan<byte> value)
    {
        fixed (byte* node = new CString(path, stackalloc byte[256]))
        fixed (byte* key = new CString(Encoding.UTF8.GetBytes(name), stackalloc byte[256]))
        fixed (byte* bytes = value)
        {
            Syscall.Check(Libc.lsetxattr(node, key, bytes, (nuint)value.Length, 0), $"set {name} of", FileNodes.Show(path));
        }
    }

    /// <summary>fgetxattr(2); null when there is no such attribute.</summary>
    public static byte[]? Get(SafeFileHandle file, string name)
    {
        byte[] buffer = new byte[LargestValue];
        fixed (byte* key = new CString(Encoding.UTF8.GetBytes(name), stackalloc byte[256]))
        fixed (byte* place = buffer)
        {
            return Taken(Libc.fgetxattr(file, key, place, LargestValue), buffer, $"get {name} of", "open file");
        }
    }

    /// <summary>lgetxattr(2); null when there is no such attribute.</summary>
    public static byte[]? Get(ReadOnlySpan<byte> path, string name)
    {
        byte[] buffer = new byte[LargestValue];
        fixed (byte* node = new CString(path, stackalloc byte[256]))
        fixed (byte* key = new CString(Encoding.UTF8.GetBytes(name), stackalloc byte[256]))
        fixed (byte* place = buffer)
        {
            return Taken(Libc.lgetxattr(node, key, place, LargestValue), buffer, $"get {name} of", FileNodes.Show(path));
        }
    }

    /// <summary>flistxattr(2): the names, sorted; empty where the file system has no attributes.</summary>
    public static IReadOnlyList<string> Names(SafeFileHandle file)
    {
        byte[] buffer = new byte[LargestValue];
        fixed (byte* place = buffer)
        {
            return Split(Taken(Libc.flistxattr(file, place, LargestValue), buffer, "list attributes of", "open file"));
        }
    }

    /// <summary>llistxattr(2): the names, sorted; empty where the file system has no attributes.</summary>
    public static IReadOnlyList<string> Names(ReadOnlySpan<byte> path)
    {
        byte[] buffer = new byte[LargestValue];
        fixed (byte* node = new CString(path, stackalloc byte[256]))
        fixed (byte* place = buffer)
        {
            return Split(Taken(Libc.llistxattr(node, place, LargestValue), buffer, "list attributes of", FileNodes.Show(path)));
        }
    }

    /// <summary>lremovexattr(2).</summary>
    public static void Remove(ReadOnlySpan<byte> path, string name)
    {
        fixed (byte* node = new CString(path, stackalloc byte[256]))
        fixed (byte* key = new CString(Encoding.UTF8.GetBytes(name), stackalloc byte[256]))
        {
            Syscall.Check(Libc.lremovexattr(node, key), $"remove {name} of", FileNodes.Show(path));
        }
    }

    private static byte[]? Taken(nint length, byte[] buffer, string operation, string target)
    {
        if (length >= 0)
        {
            return buffer[..(int)length];
        }
        int errno = Marshal.GetLastPInvokeError();
        return errno is Errno.NoData or Errno.NotSupported ? null : throw Syscall.Failed(operation, target, errno);
    }

    private static List<string> Split(byte[]? list)
    {
        List<string> names = [];
        ReadOnlySpan<byte> rest = list;
        while (rest.IndexOf((byte)0) is var end and > 0)
        {
            names.Add(Encoding.UTF8.GetString(rest[..end]));
            rest = rest[(end + 1)..];
        }
        names.Sort(StringComparer.Ordinal);
        return names;
    }
}
