using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Linux.Events;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;
using Rootcast.Linux.Network;
using Rootcast.Linux.Processes;

namespace Rootcast.Init.RootDaemons;

/// <summary>Starts root daemons and waits until they serve.</summary>
public static class RootDaemonStart
{
    /// <summary>Where in the daemon's root a file is that it is to serve.</summary>
    private const string Image = "/image";

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);

    /// <summary>Reads the description of the plan's daemon and loads its modules.</summary>
    /// <exception cref="UserError">The initramfs has no such daemon.</exception>
    public static RootDaemon Prepare(Boot boot, string name)
    {
        RootDaemon daemon = Describe(name);
        boot.Modules.RequireAll($"root daemon {name}", [.. daemon.Modules]);
        return daemon;
    }

    /// <summary>What the initramfs says of a daemon.</summary>
    /// <exception cref="UserError">The initramfs has no such daemon.</exception>
    public static RootDaemon Describe(string name)
    {
        string file = $"{InitramfsPaths.RootDaemons}/{name}.conf";
        return FileNodes.Exists(file) ? RootDaemon.Parse(name, SmallFile.ReadText(file)) : throw PrivateRoot.Missing(name);
    }

    /// <summary>Has a daemon serve an artefact.</summary>
    /// <param name="boot">The boot.</param>
    /// <param name="name">The daemon.</param>
    /// <param name="artefact">Device or file.</param>
    public static RunningDaemon Serve(Boot boot, string name, string artefact)
    {
        RootDaemon daemon = Prepare(boot, name);
        string root = PrivateRoot.Make(boot, daemon);
        string device = artefact;
        if (!artefact.StartsWith("/dev/", StringComparison.Ordinal))
        {
            device = Image;
            SmallFile.Write(root + Image, "");
            Mounting.Bind(artefact, root + Image);
            Mounting.Remount(root + Image, MountFlags.Bind | MountFlags.ReadOnly);
        }
        RunningDaemon running = Run(boot, daemon, root, device);
        if (device == Image)
        {
            // The daemon has it open. What systemd-shutdown sees in the rootfs it tries to make read-only, and complains that it is busy.
            Mounting.Unmount(root + Image, detach: true);
        }
        return running;
    }

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="boot">The boot.</param>
    /// <param name="daemon">What to start.</param>
    /// <param name="root">What <see cref="PrivateRoot.Make"/> made.</param>
    /// <param name="device">What it serves, as it sees it.</param>
    /// <exception cref="UserError">It ended, or did not get ready in the plan's time.</exception>
    public static RunningDaemon Run(Boot boot, RootDaemon daemon, string root, string device)
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            throw new UserError("root daemons are started on x86-64 alone", "Boot a form that the kernel mounts.");
        }
        RootDaemon final = daemon with
        {
            Arguments =
            [
                .. daemon.Arguments.Select(argument =>
                    argument
                        .Replace(RootDaemon.DevicePlace, device, StringComparison.Ordinal)
                        .Replace(RootDaemon.RootPlace, "/" + PrivateRoot.Served, StringComparison.Ordinal)
                ),
            ],
        };
        string watch = $"{InitramfsPaths.RunningDaemons}/{daemon.Name}.watch";
        SmallFile.Write(watch, WatchProgram.File(final, root, boot.Plan.OnFail, boot.Plan.Countdown), 0x1ED);
        boot.Journal.Say($"starts {daemon.Program} {string.Join(' ', final.Arguments)}");
        RunningDaemon running = new(final, Programs.Start(watch, ["@rootcast-" + daemon.Name], [], "/dev/null"));
        boot.Daemons.Add(running);
        using SafeFileHandle process = ProcessHandle.Open(running.Watcher!.Value);
        WaitUntilReady(boot, running, process);
        boot.Journal.Say($"root daemon {daemon.Name} is ready");
        return running;
    }

    /// <summary>Shows what a daemon serves, and what it will mount there later, as the root. At no other place: systemd-shutdown unmounts what it sees elsewhere by force,
    /// which ends every request of that file system, the root's too. Below /run/initramfs, and at the root itself, it does not.</summary>
    public static void Show(RunningDaemon daemon, string root)
    {
        Mounting.Bind(daemon.Served, root, recursive: true);
        Mounting.MakeSlave(root);
    }

    private static void WaitUntilReady(Boot boot, RunningDaemon daemon, SafeFileHandle process)
    {
        TimeSpan end = BootClock.Now + boot.Plan.Timeout;
        using SafeFileHandle mounts = FileNodes.Open("/proc/self/mountinfo", OpenFlags.ReadOnly);
        using DirectoryWatch? sockets = SocketOf(daemon) is { } path ? DirectoryWatch.Open(Path.GetDirectoryName(path)!) : null;
        while (!Serves(daemon))
        {
            if (Poll.Readable(TimeSpan.Zero, process) == 0)
            {
                throw Died(daemon);
            }
            TimeSpan left = end - BootClock.Now;
            if (left <= TimeSpan.Zero)
            {
                throw new UserError(
                    $"root daemon {daemon.Description.Name} {(sockets is null ? "has mounted nothing" : "takes no connections")} after {boot.Plan.Timeout.TotalSeconds:0} s.{Said(daemon)}",
                    "Its own words are above, if it said any; rootcast.timeout= gives it more time."
                );
            }
            if (sockets is null)
            {
                Poll.Changed(left, mounts, process);
                continue;
            }
            // The name is there a moment before connections are taken, and nothing tells of that moment.
            Poll.Readable(FileNodes.Exists(SocketOf(daemon)!) ? Moment : left, process, sockets.Handle);
            sockets.Clear();
        }
    }

    private static bool Serves(RunningDaemon daemon) =>
        SocketOf(daemon) is { } socket
            ? FileNodes.Exists(socket) && LocalSocket.Answers(socket)
            : MountedFileSystem.All().Any(mount => mount.Place == daemon.Served);

    private static string? SocketOf(RunningDaemon daemon) => daemon.Description.ReadySocket is { } socket ? daemon.Place + socket : null;

    private static UserError Died(RunningDaemon daemon)
    {
        string ended = daemon.Place + WatchProgram.Ended;
        byte[] status = FileNodes.Exists(ended) ? SmallFile.ReadBytes(ended) : [];
        string how =
            status.Length >= sizeof(int) ? $"ended with {Programs.ExitCode(BinaryPrimitives.ReadInt32LittleEndian(status))}" : "ended";
        return new UserError(
            $"root daemon {daemon.Description.Name} {how} before it served anything.{Said(daemon)}",
            "Look at its own words; its program and arguments are in the recipe (docs/root-daemons.md)."
        );
    }

    private static string Said(RunningDaemon daemon)
    {
        const int lines = 4;
        IReadOnlyList<string> last = daemon.LastLines(lines);
        return last.Count == 0 ? " It said nothing." : $" It said: {string.Join("; ", last)}";
    }
}
