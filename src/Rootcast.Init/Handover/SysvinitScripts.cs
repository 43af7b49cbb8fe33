using System.Buffers.Binary;
using Rootcast.Formats.Elf;
using Rootcast.Init.Stages;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Handover;

/// <summary>
/// What stands in the place of scripts of a tree with sysvinit, mounted over them: the tree is not touched. The last of them ask the kernel to end while the
/// root is still mounted, and sysvinit knows of no way back to memory. Here a program makes /run/initramfs the root of all processes, its own and sysvinit's,
/// and asks sysvinit to execute itself anew (init(8), <c>telinit u</c>): what it finds there is <see cref="ShutdownProgram"/>. And the script that a root
/// daemon's package has would start a second one.
/// </summary>
public static class SysvinitScripts
{
    private const string Memory = "/run/initramfs";

    /// <summary>Where the mounts wait for their tree. sysvinit's umountfs spares what was mounted before the root, and so they are made before it.</summary>
    private const string Waiting = $"{Memory}/scripts";

    private const string Scripts = "/etc/init.d";
    private const string Nothing = "#!/bin/sh\nexit 0\n";

    /// <summary>sysvinit's last scripts, and the end that each stands for. Another kernel starts where kexec(8) has loaded one: so <c>reboot</c> tries that first.</summary>
    private static readonly (string Script, char Verb)[] Ends = [("halt", 'p'), ("reboot", 'k'), ("kexec", 'k')];

    private const uint Write = 1;
    private const uint Open = 2;
    private const uint Sleep = 35;
    private const uint Signal = 62;
    private const uint Rename = 82;
    private const uint MakeDirectory = 83;
    private const uint Parent = 110;
    private const uint PivotRoot = 155;
    private const uint Mount = 165;

    private const int Kill = 9;
    private const int Recursive = (int)(MountFlags.Bind | MountFlags.Recursive);

    /// <summary>After this the machine ends without: sysvinit did not hear.</summary>
    private const int LongestSeconds = 60;

    /// <summary>Makes the mounts for a root daemon; called before the root is mounted.</summary>
    /// <param name="daemon">Its name.</param>
    public static void Reserve(string daemon)
    {
        ApiFileSystems.MakeDirectory(Waiting);
        foreach (string script in (string[])[.. Ends.Select(end => end.Script), daemon])
        {
            string place = $"{Waiting}/{script}";
            if (!FileNodes.Exists(place))
            {
                SmallFile.Write(place, Nothing, 0x1ED);
                Mounting.Bind(place, place);
            }
        }
    }

    /// <summary>Puts them over the scripts that the tree has, and lets go of the others.</summary>
    /// <param name="boot">The boot, with the root daemons that run.</param>
    /// <param name="root">Where the tree is mounted.</param>
    /// <param name="systemd">Whether systemd takes over, whatever scripts there are.</param>
    public static void Place(Boot boot, string root, bool systemd)
    {
        bool sysvinit = !systemd && FileNodes.Exists($"{root}/etc/inittab");
        string[] names = [.. Ends.Select(end => end.Script), .. boot.Daemons.Select(daemon => daemon.Description.Name)];
        string[] replaced = [.. names.Where(name => sysvinit && FileNodes.Exists($"{root}{Scripts}/{name}"))];
        // What umountfs spares.
        string[] below = ["/dev", "/proc", "/run", "/sys", .. replaced.Select(script => $"{Scripts}/{script}")];
        foreach ((string script, char verb) in Ends)
        {
            if (replaced.Contains(script))
            {
                string init = $"{Memory}/{verb}";
                SmallFile.Write(init, ShutdownProgram.File(boot.Daemons, verb, below), 0x1ED);
                SmallFile.Write($"{Waiting}/{script}", ProgramOf(init, verb), 0x1ED);
                boot.Journal.Say($"{Scripts}/{script} of the tree returns to {Memory}");
            }
        }
        foreach (string script in names)
        {
            if (replaced.Contains(script))
            {
                Mounting.Move($"{Waiting}/{script}", $"{root}{Scripts}/{script}");
            }
            else
            {
                Mounting.Unmount($"{Waiting}/{script}");
            }
        }
    }

    /// <summary>The program in the place of a script.</summary>
    /// <param name="init">What sysvinit is to become.</param>
    /// <param name="verb">How the machine ends when that does not happen.</param>
    public static byte[] ProgramOf(string init, char verb)
    {
        SystemCallProgram program = new();
        program.Call(Open, program.Text("/run/initctl"), 1);
        program.Keep();
        // pivot_root(2): the new root is a mount, and what it lies on is seen by nobody else.
        uint memory = program.Text(Memory);
        program.Call(Mount, 0, program.Text("/run"), 0, (int)MountFlags.Private);
        program.Call(Mount, memory, memory, 0, (int)MountFlags.Bind);
        // sysvinit's mountkernfs lets nothing in /run be executed.
        program.Call(Mount, 0, memory, 0, (int)(MountFlags.Bind | MountFlags.Remount));
        foreach (string directory in (string[])["sbin", "dev", "oldroot"])
        {
            program.Call(MakeDirectory, program.Text($"{Memory}/{directory}"), 0x1C0);
        }
        program.Call(Mount, program.Text("/dev"), program.Text($"{Memory}/dev"), 0, Recursive);
        program.Call(Rename, program.Text(init), program.Text($"{Memory}/sbin/init"));
        program.Call(PivotRoot, memory, program.Text($"{Memory}/oldroot"));
        byte[] request = Request();
        program.Call(Write, CallArgument.Kept, program.Data(request), request.Length);
        // Whoever started this script, for it is a program of the tree that is to be let go of.
        program.Call(Parent);
        program.Call(Signal, CallArgument.Result, Kill);
        program.Call(Sleep, program.Data([LongestSeconds, .. new byte[15]]));
        ShutdownProgram.End(program, verb);
        return program.ToFile();
    }

    /// <summary>struct init_request of sysvinit's initreq.h: change to runlevel <c>U</c>, which is to be executed anew.</summary>
    private static byte[] Request()
    {
        byte[] request = new byte[384];
        BinaryPrimitives.WriteInt32LittleEndian(request, 0x03091969);
        BinaryPrimitives.WriteInt32LittleEndian(request.AsSpan(4), 1);
        BinaryPrimitives.WriteInt32LittleEndian(request.AsSpan(8), 'U');
        return request;
    }
}
