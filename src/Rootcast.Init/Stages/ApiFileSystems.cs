using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Init.Journal;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;
using Rootcast.Linux.Processes;

namespace Rootcast.Init.Stages;

/// <summary>/proc, /sys, /dev and /run, and the console as standard input and output.</summary>
public static class ApiFileSystems
{
    private const MountFlags Kernel = MountFlags.NoSuid | MountFlags.NoDevices | MountFlags.NoExecute;

    /// <summary>Mounts them; what is mounted already stays.</summary>
    public static void Mount(BootJournal journal)
    {
        Programs.SetModeMask(0);
        MountOne("proc", "/proc", Kernel, null);
        MountOne("sysfs", "/sys", Kernel, null);
        MountOne("devtmpfs", "/dev", MountFlags.NoSuid, "mode=0755");
        // The same options as systemd's own mount of it.
        MountOne("tmpfs", "/run", MountFlags.NoSuid | MountFlags.NoDevices, "mode=0755,size=20%,nr_inodes=800k");
        Programs.SetModeMask(0x12);
        MakeDirectory(InitramfsPaths.RunDirectory);
        UseConsole();
        // The kernel's rate limit would drop half of what init says.
        TryWrite("/proc/sys/kernel/printk_devkmsg", "on\n");
        if (FileNodes.Exists(InitramfsPaths.Firmware))
        {
            TryWrite("/sys/module/firmware_class/parameters/path", InitramfsPaths.Firmware);
        }
        journal.AttachKernelLog();
    }

    /// <summary>Makes a directory unless it is there.</summary>
    public static void MakeDirectory(string path, int mode = 0x1ED)
    {
        if (!FileNodes.Exists(path))
        {
            FileNodes.MakeDirectory(null, System.Text.Encoding.UTF8.GetBytes(path), mode);
        }
    }

    /// <summary>Opens /dev/console as descriptors 0, 1 and 2; the kernel did so itself only if the initramfs had the node.</summary>
    public static void UseConsole()
    {
        using SafeFileHandle console = FileNodes.TryOpen(
            null,
            "/dev/console"u8,
            OpenFlags.ReadWrite | OpenFlags.NoTerminal,
            0,
            out int errno
        );
        if (errno != 0)
        {
            // A machine without any console boots all the same.
            return;
        }
        for (int number = 0; number <= 2; number++)
        {
            Programs.UseAsDescriptor(console, number);
        }
    }

    private static void MountOne(string type, string target, MountFlags flags, string? options)
    {
        MakeDirectory(target);
        int errno = Mounting.TryMount(type, type, target, flags, options);
        if (errno is not (0 or Linux.Errno.Busy))
        {
            throw Linux.Syscall.Failed($"mount {type} on", target, errno);
        }
    }

    private static void TryWrite(string path, string text)
    {
        using SafeFileHandle file = FileNodes.TryOpen(
            null,
            System.Text.Encoding.UTF8.GetBytes(path),
            OpenFlags.WriteOnly,
            0,
            out int errno
        );
        if (errno == 0)
        {
            _ = FileData.TryWrite(file, System.Text.Encoding.UTF8.GetBytes(text), out int _);
        }
    }
}
