using System.Buffers.Binary;
using Rootcast.Formats.Elf;

namespace Rootcast.Init.Handover;

/// <summary>
/// What systemd executes as <c>/run/initramfs/shutdown VERB</c> when nothing of the tree runs any more: its root is that directory then, and the tree is
/// at <c>/oldroot</c> (systemd.io/INITRD_INTERFACE). Only from there can a root be unmounted that lies on loop and device-mapper devices. It takes one page
/// of memory while the machine runs; keeping /init for it would take three megabytes.
/// </summary>
public static class ShutdownProgram
{
    /// <summary>What it says in the kernel's log.</summary>
    public const string Done = "rootcast: shutdown: the root is unmounted";

    /// <summary>What it says when it could not.</summary>
    public const string Failed = "rootcast: shutdown: the root could not be unmounted";

    private const uint Write = 1;
    private const uint Open = 2;
    private const uint Ioctl = 16;
    private const uint Pause = 34;
    private const uint Sync = 162;
    private const uint Unmount = 166;
    private const uint Reboot = 169;

    private const uint Detach = 2;
    private const uint WriteOnly = 1;
    private const uint ReadWrite = 2;

    // linux/reboot.h
    private const uint Magic = 0xFEE1DEAD;
    private const uint Magic2 = 672274793;
    private const uint Restart = 0x01234567;
    private const uint Halt = 0xCDEF0123;
    private const uint PowerOff = 0x4321FEDC;
    private const uint Kexec = 0x45584543;

    /// <summary>The executable file.</summary>
    public static byte[] File()
    {
        SystemCallProgram program = new();
        // A mount that nobody uses is gone when this returns, each with all below it: overlay, loop devices (they clear themselves), the files under them.
        program.Call(Unmount, program.Text("/oldroot"), Detach);
        program.Keep();
        RemoveMappedDevices(program);
        program.Call(Sync);
        program.Call(Open, program.Text("/dev/kmsg"), WriteOnly);
        program.WhenKeptIsZero(() => Say(program, $"<6>{Done}\n"), () => Say(program, $"<3>{Failed}\n"));
        program.Choose(Restart, ('p', PowerOff), ('h', Halt), ('k', Kexec));
        program.CallWithChoice(Reboot, Magic, Magic2);
        // Nothing was loaded for kexec, or the machine can't switch itself off.
        program.Call(Reboot, Magic, Magic2, Restart);
        program.Forever(Pause);
        return program.ToFile();
    }

    /// <summary>DM_REMOVE_ALL of linux/dm-ioctl.h: every mapped device that nobody uses; a snapshot lets go of the file or partition below it.</summary>
    private static void RemoveMappedDevices(SystemCallProgram program)
    {
        const int length = 312;
        const uint removeAll = 0xC000_FD01 | (length << 16);
        byte[] request = new byte[length];
        BinaryPrimitives.WriteUInt32LittleEndian(request, 4); // version 4.0.0
        BinaryPrimitives.WriteUInt32LittleEndian(request.AsSpan(12), length);
        program.Call(Open, program.Text("/dev/mapper/control"), ReadWrite);
        program.CallOnResult(Ioctl, removeAll, program.Data(request));
    }

    private static void Say(SystemCallProgram program, string text) => program.CallOnResult(Write, program.Text(text), (uint)text.Length);
}
