using System.Runtime.InteropServices;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Processes;

/// <summary>Signals to processes and whole process groups.</summary>
public static class ProcessGroup
{
    /// <summary>Asks a process to end.</summary>
    public const int Terminate = 15;

    /// <summary>Ends a process at once.</summary>
    public const int Kill = 9;

    /// <summary>kill(2) of every process of a group.</summary>
    /// <returns>False when the group has no process any more.</returns>
    public static bool Signal(int group, int signal)
    {
        // kill(0) and kill(-1) mean other groups.
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(group, 1);
        return Send(-group, signal);
    }

    /// <summary>kill(2) of one process.</summary>
    /// <returns>False when there is no such process any more.</returns>
    public static bool SignalProcess(int process, int signal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(process, 1);
        return Send(process, signal);
    }

    private static bool Send(int target, int signal)
    {
        const int noSuchProcess = 3;
        if (Libc.kill(target, signal) < 0)
        {
            // A setuid child (newuidmap) may be out of reach; whoever sends looks for what is left.
            return Marshal.GetLastPInvokeError() is not (noSuchProcess or Errno.NotPermitted);
        }
        return true;
    }
}
