using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Rootcast.Linux.Files;

/// <summary>An advisory lock on a whole file (flock(2)). It ends with the process, however that ends, so nothing has to clean up after a kill.</summary>
public sealed partial class FileLock : IDisposable
{
    private const int Shared = 1;
    private const int Exclusive = 2;
    private const int NonBlocking = 4;
    private const int Unlock = 8;
    private const int OpenReadWrite = 2;
    private const int OpenCreate = 0x40;
    private const int OpenCloseOnExec = 0x80000;
    private const uint LockFileMode = 0x1B6; // 0666, less the umask

    private readonly SafeFileHandle _file;

    private FileLock(SafeFileHandle file) => _file = file;

    /// <summary>Waits until the lock is held together with other shared holders; makes the file when it is absent.</summary>
    public static FileLock TakeShared(string path) => Take(path, Shared)!;

    /// <summary>Waits until the lock is held alone; makes the file when it is absent.</summary>
    public static FileLock TakeExclusive(string path) => Take(path, Exclusive)!;

    /// <summary>Takes the lock alone, or gives null when somebody else holds it.</summary>
    public static FileLock? TryTakeExclusive(string path) => Take(path, Exclusive | NonBlocking);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_file.IsClosed)
        {
            // Closing alone is not enough: a child that another thread forks holds a copy of the descriptor until it calls exec.
            _ = Flock(_file, Unlock);
        }
        _file.Dispose();
    }

    private static FileLock? Take(string path, int operation)
    {
        // Not through .NET, which takes a flock(2) of its own when it opens and refuses instead of waiting.
        int opened = Syscall.Check(Open(path, OpenReadWrite | OpenCreate | OpenCloseOnExec, LockFileMode), "open", path);
        SafeFileHandle file = new(opened, ownsHandle: true);
        try
        {
            int result;
            do
            {
                result = Flock(file, operation);
            } while (result < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted);
            if (result < 0 && Marshal.GetLastPInvokeError() == Errno.TryAgain)
            {
                file.Dispose();
                return null;
            }
            Syscall.Check(result, "lock", path);
            return new FileLock(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, uint mode);
}
