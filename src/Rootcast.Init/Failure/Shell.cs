using Rootcast.Contract;
using Rootcast.Init.Journal;
using Rootcast.Linux;
using Rootcast.Linux.Files;
using Rootcast.Linux.Processes;

namespace Rootcast.Init.Failure;

/// <summary>A busybox shell on the console, for <c>rootcast.rescue</c> and <c>rootcast.onfail=shell</c>.</summary>
public static class Shell
{
    /// <summary>Whether the initramfs has a busybox.</summary>
    public static bool IsPacked => FileNodes.Exists(InitramfsPaths.Busybox);

    /// <summary>The shell that <c>rootcast.rescue</c> asks for at this point of the boot; leaving it goes on with the boot.</summary>
    public static void RunWhenAsked(Boot boot, RescuePoint here)
    {
        if (boot.Plan.Rescue != here)
        {
            return;
        }
        if (!IsPacked)
        {
            boot.Journal.Problem($"rootcast.rescue: the initramfs has no {InitramfsPaths.Busybox}; cast it with busybox");
            return;
        }
        boot.Devices.WantEverything();
        string where = here == RescuePoint.Handover ? "before the handover, the root is at /sysroot" : "before the root is mounted";
        string terminal = Terminals.Console();
        try
        {
            // Not through the kernel's log: whoever sees the mark must find the line on the screen, and "quiet" must not hide it.
            Terminal.Show(terminal, $"rootcast.rescue: a shell {where}; \"exit\" goes on with the boot");
        }
        catch (LinuxException error)
        {
            boot.Journal.Problem(error.Message);
        }
        boot.Journal.Mark(Marks.Rescue);
        Run(boot.Journal);
    }

    /// <summary>Runs a shell and waits until it is left.</summary>
    public static void Run(BootJournal journal)
    {
        string terminal = Terminals.Console();
        try
        {
            int process = Programs.Start(
                InitramfsPaths.Busybox,
                ["sh", "-l"],
                ["PATH=/usr/bin:/bin:/usr/sbin:/sbin", "HOME=/", "TERM=linux", "PS1=rootcast# "],
                terminal
            );
            Programs.WaitFor(process);
        }
        catch (LinuxException error)
        {
            journal.Problem(error.Message);
        }
    }
}
