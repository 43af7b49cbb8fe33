using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Init.RootDaemons;
using Rootcast.Init.Stages;
using Rootcast.Linux;
using Rootcast.Linux.Files;
using Rootcast.Linux.Memory;
using Rootcast.Linux.Mounts;
using Rootcast.Linux.Processes;

namespace Rootcast.Init.Handover;

/// <summary>From the initramfs to the tree: what switch_root(8) does.</summary>
public static class SwitchRoot
{
    private static readonly string[] Moved = ["/proc", "/sys", "/dev", "/run"];

    /// <summary>Moves the mounts, deletes the initramfs's own files, makes the tree the root and executes its init.</summary>
    /// <param name="boot">The boot.</param>
    /// <param name="root">Where the tree is mounted.</param>
    /// <param name="arguments">For its init.</param>
    /// <param name="freePages">What <see cref="FreePageLists.Shorten"/> returned.</param>
    public static void Run(Boot boot, string root, IReadOnlyList<string> arguments, string? freePages)
    {
        NodeFiles.Place(boot.Journal, root);
        string program = TreeInit.Find(root, boot.Plan.Init);
        string[] environment = Environment();
        // The host names the port a moment after its module is loaded, and a fast boot is here by then.
        boot.Journal.TryAttachPort();
        bool systemd = TreeInit.IsSystemd(root, program);
        // Not systemd, whatever its name: it takes what is mounted already.
        bool bare = program == TreeInit.OfInitramfs && !systemd;
        ReturnToMemory.Place(boot, systemd);
        RootDaemonHandover.Prepare(boot, root, systemd);
        if (systemd)
        {
            ReadyReport.Place(boot.Journal, boot.Plan);
        }
        FreePageLists.Return(freePages, root, systemd);
        foreach (string place in Moved)
        {
            MakeMountPoint(root + place);
        }
        long resident = PeakResident();
        boot.Journal.Say($"hands over to {program}; init took at most {resident >> 10} KiB of memory");
        // /proc itself moves last but one: what fails before this still has its log.
        SmallFile.Write(InitramfsPaths.CarriedOutPlan, boot.Plan.WithoutToken.ToArguments() + "\n");
        boot.Devices.Dispose();
        long kept = 0;
        using SafeFileHandle old = FileNodes.Open("/", OpenFlags.ReadOnly | OpenFlags.Directory);
        if (InitramfsFiles.IsInitramfs)
        {
            // The tree of this form is on the same file system: it lies where the kernel unpacked it.
            InitramfsFiles.Delete(old, boot.Plan.Form == Form.Initramfs ? Encoding.UTF8.GetBytes(root.TrimStart('/')) : default);
            kept = KeptBytes();
            boot.Journal.Say($"the rootfs keeps {kept >> 10} KiB");
        }
        boot.Journal.TryAttachPort();
        boot.Journal.Mark(Marks.SwitchRoot);
        if (systemd)
        {
            ReadyNotice.Place(boot.Journal, boot.Plan);
        }
        boot.Journal.Send(new GuestEvent("rootfs", $"{kept}"));
        boot.Journal.Send(new GuestEvent("peak", $"{boot.Journal.PeakMemory} {resident} {boot.Journal.LeastFree}"));
        boot.Journal.Leave();
        foreach (string place in Moved)
        {
            if (bare)
            {
                // It mounts these itself, and where something is mounted already it fails. What the root needs below /run is held by the root.
                Mounting.Unmount(place, detach: true);
            }
            else
            {
                Mounting.Move(place, root + place);
            }
        }
        WorkingRoot.ChangeDirectory(root);
        Mounting.Move(root, "/");
        WorkingRoot.ChangeRoot(".");
        WorkingRoot.ChangeDirectory("/");
        ApiFileSystems.UseConsole();
        Programs.Execute(program, TreeInit.Arguments(program, arguments), environment);
    }

    /// <summary>What the kernel gave us (HOME, TERM and arguments that it did not know), without anything of our own.</summary>
    private static string[] Environment() =>
        Encoding.UTF8.GetString(SmallFile.ReadBytes("/proc/self/environ")).Split('\0', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What the rootfs holds now and will hold: without this program, whose pages go when the tree's init takes its place.</summary>
    private static long KeptBytes()
    {
        const long page = 4096;
        _ = FileNodes.TryStatus(null, "/proc/self/exe"u8, followLinks: true, out FileStatus own, out _);
        return FileSystemUsage.Of("/").UsedBytes - ((own.Size + page - 1) & -page);
    }

    /// <summary>VmHWM of proc_pid_status(5), in bytes; 0 where the kernel does not say it.</summary>
    private static long PeakResident() => MemoryInfo.Field(SmallFile.ReadText("/proc/self/status"), "VmHWM:");

    private static void MakeMountPoint(string path)
    {
        byte[] name = Encoding.UTF8.GetBytes(path);
        if (FileNodes.TryStatus(null, name, followLinks: false, out FileStatus status, out _))
        {
            if (!status.IsDirectory)
            {
                throw new UserError(
                    $"{path} in the tree is no directory, so nothing can be mounted on it",
                    "Make it a directory and cast again."
                );
            }
            return;
        }
        try
        {
            FileNodes.MakeDirectory(null, name, 0x1ED);
        }
        catch (LinuxException error)
        {
            throw new UserError(
                $"the tree has no {path} and none can be made: {error.Message}",
                "Add the directory to the tree and cast again."
            );
        }
    }
}
