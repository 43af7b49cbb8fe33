using System.Text;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Mounts;

/// <summary>Root and working directory of this process.</summary>
public static unsafe class WorkingRoot
{
    /// <summary>chdir(2).</summary>
    public static void ChangeDirectory(string path)
    {
        fixed (byte* name = new CString(Encoding.UTF8.GetBytes(path), stackalloc byte[256]))
        {
            Syscall.Check(Libc.chdir(name), "chdir", path);
        }
    }

    /// <summary>chroot(2).</summary>
    public static void ChangeRoot(string path)
    {
        fixed (byte* name = new CString(Encoding.UTF8.GetBytes(path), stackalloc byte[256]))
        {
            Syscall.Check(Libc.chroot(name), "chroot", path);
        }
    }
}
