using Rootcast.Linux.Files;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Processes;

/// <summary>The machine as a whole: reboot(2), and what kernel runs on it.</summary>
public static class Machine
{
    private const int Restart = 0x01234567;
    private const int PowerDown = 0x4321FEDC;
    private const uint HaltSystem = 0xCDEF0123;

    /// <summary><c>uname -r</c>.</summary>
    public static string KernelVersion => SmallFile.ReadText("/proc/sys/kernel/osrelease").Trim();

    /// <summary>Restarts at once.</summary>
    public static void Reboot()
    {
        Libc.sync();
        Syscall.Check(Libc.reboot(Restart), "restart", "the machine");
    }

    /// <summary>Switches off; a machine that cannot stops.</summary>
    public static void PowerOff()
    {
        Libc.sync();
        if (Libc.reboot(PowerDown) < 0)
        {
            Syscall.Check(Libc.reboot(unchecked((int)HaltSystem)), "halt", "the machine");
        }
    }
}
