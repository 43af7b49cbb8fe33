using System.Buffers.Binary;
using Rootcast.Contract;
using Rootcast.Formats.Elf;
using Rootcast.Init.RootDaemons;
using Rootcast.Linux.Mounts;

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
    private const uint Alarm = 37;
    private const uint Fork = 57;
    private const uint Execute = 59;
    private const uint Wait = 61;
    private const uint Signal = 62;
    private const uint ChangeDirectory = 80;
    private const uint ChangeRoot = 161;
    private const uint Sync = 162;
    private const uint Mount = 165;
    private const uint Unmount = 166;
    private const uint Reboot = 169;
    private const uint Exit = 231;

    private const int Kill = 9;
    private const int StopSeconds = 15;
    private const int Move = (int)MountFlags.Move;
    private const int Private = (int)MountFlags.Private;

    /// <summary>Where the roots of the daemons are once /run/initramfs is the root.</summary>
    private static readonly string Daemons = InitramfsPaths.RunningDaemons["/run/initramfs".Length..];

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
    /// <param name="daemons">Root daemons: what each has for its end runs when the root that it served is unmounted.</param>
    /// <param name="otherwise">How it ends when its first argument is none of systemd's verbs, by the verb's first letter.</param>
    public static byte[] File(IReadOnlyList<RunningDaemon> daemons, char otherwise = 'r')
    {
        SystemCallProgram program = new();
        if (daemons.Count > 0)
        {
            // Their roots lie below what is unmounted next. A mount can be moved only out of one whose changes nobody else sees.
            program.Call(Mount, 0, program.Text("/oldroot/run"), 0, Private);
            program.Call(Mount, program.Text($"/oldroot{InitramfsPaths.RunningDaemons}"), program.Text(Daemons), 0, Move);
        }
        // A mount that nobody uses is gone when this returns, each with all below it: overlay, loop devices (they clear themselves), the files under them.
        program.Call(Unmount, program.Text("/oldroot"), Detach);
        program.Keep();
        program.Call(Open, program.Text("/dev/kmsg"), WriteOnly);
        program.WhenKeptIsZero(() => Say(program, $"<6>{Done}\n"), () => Say(program, $"<3>{Failed}\n"));
        foreach (RunningDaemon daemon in daemons)
        {
            Stop(program, daemon);
        }
        RemoveMappedDevices(program);
        End(program, otherwise);
        return program.ToFile();
    }

    /// <summary>Ends the machine, and what is written then does not return.</summary>
    /// <param name="program">At whose end.</param>
    /// <param name="otherwise">See <see cref="File"/>.</param>
    public static void End(SystemCallProgram program, char otherwise)
    {
        program.Call(Sync);
        program.Choose(
            otherwise switch
            {
                'p' => PowerOff,
                'k' => Kexec,
                _ => Restart,
            },
            ('p', PowerOff),
            ('h', Halt),
            ('k', Kexec)
        );
        program.Call(Reboot, Magic, Magic2, CallArgument.Choice);
        // Nothing was loaded for kexec, or the machine can't switch itself off.
        program.Call(Reboot, Magic, Magic2, Restart);
        program.Forever(Pause);
    }

    /// <summary>Lets go of what a root daemon serves, which writes all that is still to be written, runs what it has for its end, and ends it.</summary>
    private static void Stop(SystemCallProgram program, RunningDaemon daemon)
    {
        string place = $"{Daemons}/{daemon.Description.Name}";
        uint served = program.Text($"{place}/{PrivateRoot.Served}");
        // It stands alone from now on: its end is no failure any more.
        if (daemon.Watcher is { } watcher)
        {
            program.Call(Signal, watcher, Kill);
            program.Call(Unmount, served, Detach);
        }
        if (daemon.Description.Stop is not [var stop, ..])
        {
            return;
        }
        program.Call(Fork);
        program.Keep();
        program.WhenKeptIsZero(() =>
        {
            program.Call(ChangeRoot, program.Text(place));
            program.Call(ChangeDirectory, program.Text("/"));
            // A program that never ends must not keep the machine from ending.
            program.Call(Alarm, StopSeconds);
            program.Call(
                Execute,
                program.Text(stop),
                program.Texts(daemon.Description.Stop),
                program.Texts(["PATH=/usr/sbin:/usr/bin:/sbin:/bin"])
            );
            program.Call(Exit, 127);
        });
        program.Call(Wait, CallArgument.Kept);
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
        program.Call(Ioctl, CallArgument.Result, removeAll, program.Data(request));
    }

    private static void Say(SystemCallProgram program, string text) =>
        program.Call(Write, CallArgument.Result, program.Text(text), text.Length);
}
