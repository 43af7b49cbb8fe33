using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Files;

/// <summary>Tells of new names in a directory (inotify(7)): <see cref="Handle"/> can be read when there is one.</summary>
public sealed unsafe class DirectoryWatch : IDisposable
{
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const uint Created = 0x100;
    private const uint MovedTo = 0x80;

    private DirectoryWatch(SafeFileHandle handle) => Handle = handle;

    /// <summary>To wait on; then call <see cref="Clear"/>.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Watches from now on.</summary>
    public static DirectoryWatch Open(string path)
    {
        DirectoryWatch watch = new(new SafeFileHandle(Syscall.Check(Libc.inotify_init1(NonBlocking | CloseOnExec), "watch", path), true));
        fixed (byte* name = new CString(Encoding.UTF8.GetBytes(path), stackalloc byte[256]))
        {
            if (Libc.inotify_add_watch(watch.Handle, name, Created | MovedTo) < 0)
            {
                watch.Dispose();
                Syscall.Check(-1, "watch", path);
            }
        }
        return watch;
    }

    /// <summary>Takes what has been told.</summary>
    public void Clear()
    {
        byte[] told = new byte[4096];
        while (FileData.TryRead(Handle, told, out _) > 0) { }
    }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();
}
