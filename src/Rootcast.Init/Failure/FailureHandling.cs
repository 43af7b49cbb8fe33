using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Init.Journal;
using Rootcast.Init.Stages;
using Rootcast.Linux;
using Rootcast.Linux.Events;
using Rootcast.Linux.Files;
using Rootcast.Linux.Processes;

namespace Rootcast.Init.Failure;

/// <summary>What init does when a boot has failed: shows why, tells the lab, waits, and carries out <c>rootcast.onfail</c>.</summary>
public static class FailureHandling
{
    /// <summary>Never returns on a machine that can restart.</summary>
    /// <param name="journal">What was said so far.</param>
    /// <param name="error">Why it failed.</param>
    /// <param name="plan">What was to be done; null when nobody knows.</param>
    /// <param name="boot">To load what a keyboard needs before a shell, and to reach the boot server; null when it failed before.</param>
    public static void Run(BootJournal journal, Exception error, BootPlan? plan, Boot? boot)
    {
        journal.TryAttachPort();
        IReadOnlyList<string> screen = FailureScreen.Compose(journal.Stage, error, plan, journal.Lines);
        BootPlan waits = plan ?? PlanReading.ForFailure();
        using SafeFileHandle console = FileNodes.TryOpen(
            null,
            "/dev/console"u8,
            OpenFlags.ReadWrite | OpenFlags.NoTerminal,
            0,
            out int errno
        );
        foreach (string line in screen)
        {
            Show(errno == 0 ? console : null, line);
            journal.Send(new GuestEvent("fail", line));
        }
        if (boot is not null)
        {
            FailureReport.Send(boot, screen);
        }
        journal.Send(new GuestEvent("done", ""));
        bool shell = waits.OnFail == OnFail.Shell && Shell.IsPacked;
        if (waits.OnFail == OnFail.Shell && !shell)
        {
            Show(errno == 0 ? console : null, $" rootcast.onfail=shell: the initramfs has no {InitramfsPaths.Busybox}.");
        }
        if (shell)
        {
            boot?.Devices.WantEverything();
            Shell.Run(journal);
        }
        else
        {
            Show(errno == 0 ? console : null, FailureScreen.Announce(waits.OnFail, waits.Countdown));
            WaitForEnter(errno == 0 ? console : null, waits.Countdown);
        }
        if (waits.OnFail == OnFail.Halt)
        {
            Machine.PowerOff();
        }
        Machine.Reboot();
    }

    private static void Show(SafeFileHandle? console, string line)
    {
        if (console is not null)
        {
            _ = FileData.TryWrite(console, System.Text.Encoding.UTF8.GetBytes(line + "\r\n"), out int _);
        }
    }

    private static void WaitForEnter(SafeFileHandle? console, TimeSpan countdown)
    {
        TimeSpan end = BootClock.Now + countdown;
        byte[] typed = new byte[64];
        while (end - BootClock.Now is var left && left > TimeSpan.Zero)
        {
            if (console is null)
            {
                Poll.Readable(left);
            }
            else if (Poll.Readable(left, console) == 0)
            {
                // A console without anybody behind it reads as ended at once, and must not cut the countdown short.
                int got = FileData.TryRead(console, typed, out int errno);
                if (got > 0)
                {
                    return;
                }
                if (errno != Errno.Interrupted)
                {
                    console = null;
                }
            }
        }
    }
}
