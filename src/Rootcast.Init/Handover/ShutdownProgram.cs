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

    /// <summary>What it says when what a root daemon has for its end did not succeed.</summary>
    /// <param name="daemon">Its name.</param>
    public static string NotEnded(string daemon) =>
        $"rootcast: shutdown: root daemon {daemon} could not be ended: its stop failed, or took longer than {StopSeconds} s";

    private const uint Write = 1;
    private const uint Open = 2;
    private const uint SignalMask = 14;
    private const uint Ioctl = 16;
    private const uint Pause = 34;
    private const uint Sleep = 35;
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
    private const uint FileSystem = 137;
    private const uint Reboot = 169;
    private const uint Exit = 231;

    private const int Kill = 9;
    private const int SetMask = 2;
    private const int StopSeconds = 15;

    /// <summary>How often a mount is tried that a process of the tree still uses.</summary>
    private const int Tries = 200;

    /// <summary>What a root daemon is asked before its file system goes.</summary>
    private const int Questions = 20;

    /// <summary>Nanoseconds between two of them.</summary>
    private const int Between = 50_000_000;
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
    /// <param name="below">What is still mounted on the tree when processes of it may still be ending; null when whoever executes this has waited for them.</param>
    public static byte[] File(IReadOnlyList<RunningDaemon> daemons, char otherwise = 'r', IReadOnlyList<string>? below = null)
    {
        SystemCallProgram program = new();
        if (daemons.Count > 0)
        {
            // Their roots lie below what is unmounted next. A mount can be moved only out of one whose changes nobody else sees.
            program.Call(Mount, 0, program.Text("/oldroot/run"), 0, Private);
            program.Call(Mount, program.Text($"/oldroot{InitramfsPaths.RunningDaemons}"), program.Text(Daemons), 0, Move);
        }
        if (below is null)
        {
            DetachRoot(program);
        }
        else
        {
            WaitForUsers(program, below);
            program.WhenKeptIsNotZero(() => DetachRoot(program));
        }
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

    /// <summary>A mount that nobody uses is gone when this returns, each with all below it: overlay, loop devices (they clear themselves), the files under them.</summary>
    private static void DetachRoot(SystemCallProgram program)
    {
        program.Call(Unmount, program.Text("/oldroot"), Detach);
        program.Keep();
    }

    /// <summary>
    /// Unmounts the tree when no process uses it any more: until then, and for as long as something is mounted on it, the kernel refuses. Detached before that it
    /// would go when the last of them ends, which is after its root daemon was asked to let go of it.
    /// </summary>
    private static void WaitForUsers(SystemCallProgram program, IReadOnlyList<string> below)
    {
        foreach (string mount in below)
        {
            program.Call(Unmount, program.Text($"/oldroot{mount}"), Detach);
        }
        uint root = program.Text("/oldroot");
        uint interval = Interval(program);
        program.RepeatUntilKeptIsZero(
            Tries,
            () =>
            {
                program.Call(Unmount, root);
                program.Keep();
                program.Call(Sleep, interval);
            }
        );
    }

    /// <summary>
    /// FUSE tells the daemon of a file that was closed by a request that nobody waits for, and those that it has not read when its file system goes are lost:
    /// for zfs-fuse such a file is open for ever, and its pool busy. statfs(2) waits in the same queue, so a slow daemon has longer.
    /// </summary>
    private static void LetItRelease(SystemCallProgram program, uint served)
    {
        uint answer = program.Data(new byte[120]);
        uint interval = Interval(program);
        InChild(
            program,
            () =>
            {
                program.Repeat(
                    Questions,
                    () =>
                    {
                        program.Call(FileSystem, served, answer);
                        program.Call(Sleep, interval);
                    }
                );
                program.Call(Exit, 0);
            }
        );
    }

    /// <summary>Does something in a process of its own, which has <see cref="StopSeconds"/> for it: a daemon that does not answer must not keep the machine from ending.</summary>
    /// <param name="program">What does it.</param>
    /// <param name="body">Ends by a call that does not return.</param>
    /// <returns>Where its status is, of wait(2).</returns>
    private static uint InChild(SystemCallProgram program, Action body)
    {
        program.Call(Fork);
        program.Keep();
        program.WhenKeptIsZero(() =>
        {
            // sysvinit executes itself anew with all signals blocked, this one too.
            program.Call(SignalMask, SetMask, program.Data(new byte[sizeof(ulong)]), 0, sizeof(ulong));
            program.Call(Alarm, StopSeconds);
            body();
        });
        uint status = program.Data(new byte[sizeof(int)]);
        program.Call(Wait, CallArgument.Kept, status);
        return status;
    }

    private static uint Interval(SystemCallProgram program)
    {
        byte[] interval = new byte[16];
        BinaryPrimitives.WriteInt32LittleEndian(interval.AsSpan(8), Between);
        return program.Data(interval);
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
            LetItRelease(program, served);
            program.Call(Unmount, served, Detach);
        }
        if (daemon.Description.Stop is not [var stop, ..])
        {
            return;
        }
        uint status = InChild(
            program,
            () =>
            {
                program.Call(ChangeRoot, program.Text(place));
                program.Call(ChangeDirectory, program.Text("/"));
                program.Call(
                    Execute,
                    program.Text(stop),
                    program.Texts(daemon.Description.Stop),
                    program.Texts(["PATH=/usr/sbin:/usr/bin:/sbin:/bin"])
                );
                program.Call(Exit, 127);
            }
        );
        program.WhenNumberIsNotZero(
            status,
            () =>
            {
                program.Call(Open, program.Text("/dev/kmsg"), WriteOnly);
                Say(program, $"<3>{NotEnded(daemon.Description.Name)}\n");
            }
        );
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
