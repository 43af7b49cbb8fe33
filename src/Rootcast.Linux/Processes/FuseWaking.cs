using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Linux.Files;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Processes;

/// <summary>
/// Has the kernel wake a process that serves a FUSE file system and was stopped. Both systemd and sysvinit stop every process by <c>kill(-1, SIGSTOP)</c>
/// before they choose whom to end; what they look up meanwhile on a root that such a process serves would never be answered. The FUSE device tells of
/// requests by a signal where it is asked to (fcntl(2), O_ASYNC), and that signal can be SIGCONT: so a request wakes whoever has to answer it, at that
/// moment and by no luck. A process that runs does not notice (signal(7): SIGCONT is ignored then).
/// </summary>
public static class FuseWaking
{
    private static ReadOnlySpan<byte> Device => "/dev/fuse"u8;

    private const int F_GETFL = 3;
    private const int F_SETFL = 4;
    private const int F_SETOWN = 8;
    private const int F_SETSIG = 10;
    private const int O_ASYNC = 0x2000;
    private const int SIGCONT = 18;

    /// <summary>Sees to it for every FUSE file system that a process serves now.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="LinuxException">The process is gone, or the kernel is older than 5.6.</exception>
    public static int Arm(int process)
    {
        string descriptors = string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/fd");
        using SafeFileHandle handle = ProcessHandle.Open(process);
        using SafeFileHandle directory = FileNodes.Open(descriptors, OpenFlags.ReadOnly | OpenFlags.Directory);
        int count = 0;
        foreach (DirectoryItem item in DirectoryListing.Read(directory, descriptors))
        {
            string name = Encoding.UTF8.GetString(item.Name);
            // With the directory before it in which that process has its /dev.
            if (!FileNodes.ReadLink(directory, item.Name).AsSpan().EndsWith(Device))
            {
                continue;
            }
            using SafeFileHandle device = ProcessHandle.TakeDescriptor(handle, int.Parse(name, CultureInfo.InvariantCulture));
            Syscall.Check(Libc.fcntl(device, F_SETSIG, SIGCONT), "choose the signal of", "/dev/fuse");
            Syscall.Check(Libc.fcntl(device, F_SETOWN, process), "choose whom to wake by", "/dev/fuse");
            int flags = Syscall.Check(Libc.fcntl(device, F_GETFL, 0), "ask about", "/dev/fuse");
            Syscall.Check(Libc.fcntl(device, F_SETFL, flags | O_ASYNC), "ask for a signal of", "/dev/fuse");
            count++;
        }
        return count;
    }
}
