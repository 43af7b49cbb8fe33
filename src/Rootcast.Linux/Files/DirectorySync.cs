using System.Runtime.InteropServices;

namespace Rootcast.Linux.Files;

/// <summary>Makes the names in a directory durable: after a rename, the file's own fsync says nothing of its name.</summary>
public static partial class DirectorySync
{
    private const int OpenDirectory = 0x10000;
    private const int OpenCloseOnExec = 0x80000;

    /// <summary>fsync(2) of a directory.</summary>
    public static void Flush(string path)
    {
        int file = Syscall.Check(Open(path, OpenDirectory | OpenCloseOnExec), "open directory", path);
        try
        {
            Syscall.Check(Fsync(file), "sync directory", path);
        }
        finally
        {
            _ = Close(file);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int file);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int file);
}
