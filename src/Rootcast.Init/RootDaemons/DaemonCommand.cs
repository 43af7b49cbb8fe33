using System.Globalization;
using System.Text;
using Rootcast.Contract;
using Rootcast.Formats.Elf;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;
using Rootcast.Linux.Processes;

namespace Rootcast.Init.RootDaemons;

/// <summary>Runs a helper in the root of a daemon.</summary>
/// <param name="daemon">The daemon.</param>
/// <param name="longest">A helper that takes longer is ended.</param>
public sealed class DaemonCommand(RunningDaemon daemon, TimeSpan longest)
{
    private const uint Open = 2;
    private const uint Duplicate = 33;
    private const uint Alarm = 37;
    private const uint Execute = 59;
    private const uint ChangeDirectory = 80;
    private const uint ChangeRoot = 161;
    private const uint Mount = 165;
    private const uint Exit = 231;
    private const uint Unshare = 272;
    private const int NewMounts = 0x20000;
    private const string Said = "/tmp/said";

    // zpool(8) asks udev for names of each disk, and waits seconds for one that is not there yet (ZFS_VDEV_DEVID_OPT_OUT in zpool(8)).
    private static readonly string[] Environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/", "LANG=C", "ZFS_VDEV_DEVID_OPT_OUT=YES"];

    private readonly string file = $"{InitramfsPaths.RunningDaemons}/{daemon.Description.Name}.command";

    /// <summary>A directory of the daemon's root that a helper has in the place of /dev; null for /dev itself.</summary>
    public string? Devices { get; init; }

    /// <summary>Runs it and waits for its end.</summary>
    /// <param name="arguments">An absolute path in the daemon's root, and its arguments.</param>
    /// <returns>Its exit code, and what it wrote.</returns>
    public (int ExitCode, string Said) Run(params IReadOnlyList<string> arguments)
    {
        string said = daemon.Place + Said;
        int exitCode = RunOn("/dev/null", arguments, keepsWords: true);
        string text = FileNodes.Exists(said) ? Encoding.UTF8.GetString(SmallFile.ReadBytes(said)).Trim() : "";
        FileNodes.TryRemove(null, Encoding.UTF8.GetBytes(said), isDirectory: false, out _);
        FileNodes.TryRemove(null, Encoding.UTF8.GetBytes(file), isDirectory: false, out _);
        return (
            exitCode,
            exitCode == 128 + 14 ? string.Create(CultureInfo.InvariantCulture, $"{text} (ended after {longest.TotalSeconds:0} s)") : text
        );
    }

    /// <summary>Runs it on a terminal, for as long as somebody takes to answer, and waits for its end.</summary>
    /// <param name="terminal">The terminal.</param>
    /// <param name="arguments">An absolute path in the daemon's root, and its arguments.</param>
    /// <returns>Its exit code.</returns>
    public int Ask(string terminal, params IReadOnlyList<string> arguments) => RunOn(terminal, arguments, keepsWords: false);

    private int RunOn(string terminal, IReadOnlyList<string> arguments, bool keepsWords)
    {
        SmallFile.Write(file, File(arguments, keepsWords), 0x1ED);
        return Programs.WaitFor(Programs.Start(file, [file], [], terminal));
    }

    private byte[] File(IReadOnlyList<string> arguments, bool keepsWords)
    {
        string place = daemon.Place;
        const int writeCreateTruncate = 0x241;
        const int notExecuted = 127;
        SystemCallProgram program = new();
        if (Devices is not null)
        {
            // What the daemon mounts meanwhile is still seen.
            program.Call(Unshare, NewMounts);
            program.Call(Mount, 0, program.Text("/"), 0, (int)(MountFlags.Slave | MountFlags.Recursive));
            program.Call(Mount, program.Text(place + Devices), program.Text(place + "/dev"), 0, (int)MountFlags.Bind);
        }
        program.Call(ChangeRoot, program.Text(place));
        program.Call(ChangeDirectory, program.Text("/"));
        if (keepsWords)
        {
            program.Call(Open, program.Text(Said), writeCreateTruncate, 0x180);
            program.Call(Duplicate, CallArgument.Result, 1);
            program.Call(Duplicate, 1, 2);
            program.Call(Alarm, (uint)Math.Ceiling(longest.TotalSeconds));
        }
        program.Call(Execute, program.Text(arguments[0]), program.Texts(arguments), program.Texts(Environment));
        program.Call(Exit, notExecuted);
        return program.ToFile();
    }
}
