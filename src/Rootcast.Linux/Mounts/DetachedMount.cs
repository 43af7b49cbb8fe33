using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Files;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Mounts;

/// <summary>A mount of a file system that is in no tree: only its handle leads there, and nothing is mounted upon it. So a walk sees all that it holds,
/// also what others cover, and never crosses into another.</summary>
public static unsafe class DetachedMount
{
    private const int OpenTree = 428;
    private const int OpenTreeClone = 1;
    private const int CloseOnExec = 0x80000;

    /// <summary>open_tree(2) with OPEN_TREE_CLONE (5.2), which needs CAP_SYS_ADMIN; null where it is refused. The directory is open for reading.</summary>
    /// <param name="place">Where the file system is mounted.</param>
    public static SafeFileHandle? TryOpen(string place)
    {
        fixed (byte* path = new CString(Encoding.UTF8.GetBytes(place), stackalloc byte[256]))
        {
            long opened = Libc.syscall(OpenTree, Libc.AT_FDCWD, (nint)path, OpenTreeClone | CloseOnExec, 0, 0, 0);
            if (opened < 0)
            {
                return null;
            }
            // It is a place in a tree; listing it needs it opened as a directory. The clone lives as long as any handle into it.
            using SafeFileHandle tree = new((nint)opened, ownsHandle: true);
            SafeFileHandle directory = FileNodes.TryOpen(tree, "."u8, OpenFlags.ReadOnly | OpenFlags.Directory, 0, out int errno);
            if (errno == 0)
            {
                return directory;
            }
            directory.Dispose();
            return null;
        }
    }
}
