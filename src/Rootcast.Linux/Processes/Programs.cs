using System.Runtime.InteropServices;
using System.Text;
using Rootcast.Linux.Native;

namespace Rootcast.Linux.Processes;

/// <summary>Running other programs as PID 1 must: by replacing itself, or as a child on a console.</summary>
public static unsafe class Programs
{
    private const int SIG_SETMASK = 2;

    /// <summary>execve(2) after every signal is unblocked and set to its default, as the new program expects. Returns only by throwing.</summary>
    /// <param name="path">The program.</param>
    /// <param name="arguments">With the program's own name first.</param>
    /// <param name="environment">As <c>NAME=VALUE</c>.</param>
    public static void Execute(string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment)
    {
        using CStringArray argv = new(arguments);
        using CStringArray environ = new(environment);
        ResetSignals();
        fixed (byte* name = new CString(Encoding.UTF8.GetBytes(path), stackalloc byte[256]))
        {
            Syscall.Check(Libc.execve(name, argv.Pointer, environ.Pointer), "execute", path);
        }
    }

    /// <summary>Starts a program in a session of its own on a terminal.</summary>
    /// <returns>Its process number.</returns>
    public static int Start(string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, string terminal)
    {
        const int readWrite = 2;
        return Start(path, arguments, environment, (terminal, readWrite), null);
    }

    /// <summary>Starts a program in a session of its own that reads a file and adds to another. When this returns both are open: what is mounted
    /// may be moved then.</summary>
    /// <returns>Its process number.</returns>
    public static int Start(string path, IReadOnlyList<string> arguments, string input, string output)
    {
        const int readOnly = 0;
        const int writeOnly = 1;
        const int create = 0x40;
        const int append = 0x400;
        return Start(path, arguments, [], (input, readOnly), (output, writeOnly | create | append));
    }

    private static int Start(
        string path,
        IReadOnlyList<string> arguments,
        IReadOnlyList<string> environment,
        (string Path, int Flags) input,
        (string Path, int Flags)? output
    )
    {
        // glibc's posix_spawnattr_t and posix_spawn_file_actions_t take 336 and 80 bytes, sigset_t 128.
        byte* attributes = stackalloc byte[512];
        byte* actions = stackalloc byte[256];
        byte* none = stackalloc byte[128];
        byte* all = stackalloc byte[128];
        _ = Libc.sigemptyset(none);
        _ = Libc.sigfillset(all);
        const short setSignalDefault = 4;
        const short setSignalMask = 8;
        const short setSession = 0x80;
        _ = Libc.posix_spawnattr_init(attributes);
        _ = Libc.posix_spawnattr_setflags(attributes, setSignalDefault | setSignalMask | setSession);
        _ = Libc.posix_spawnattr_setsigmask(attributes, none);
        _ = Libc.posix_spawnattr_setsigdefault(attributes, all);
        _ = Libc.posix_spawn_file_actions_init(actions);
        using CStringArray argv = new(arguments);
        using CStringArray environ = new(environment);
        int process;
        int errno;
        fixed (byte* from = new CString(Encoding.UTF8.GetBytes(input.Path), stackalloc byte[256]))
        fixed (byte* to = new CString(Encoding.UTF8.GetBytes(output?.Path ?? ""), stackalloc byte[256]))
        fixed (byte* name = new CString(Encoding.UTF8.GetBytes(path), stackalloc byte[256]))
        {
            const uint ownersOnly = 0x180;
            _ = Libc.posix_spawn_file_actions_addopen(actions, 0, from, input.Flags, 0);
            if (output is { } file)
            {
                _ = Libc.posix_spawn_file_actions_addopen(actions, 1, to, file.Flags, ownersOnly);
            }
            else
            {
                _ = Libc.posix_spawn_file_actions_adddup2(actions, 0, 1);
                _ = Libc.posix_spawn_file_actions_adddup2(actions, 0, 2);
            }
            errno = Libc.posix_spawn(&process, name, actions, attributes, argv.Pointer, environ.Pointer);
        }
        _ = Libc.posix_spawn_file_actions_destroy(actions);
        return errno == 0 ? process : throw Syscall.Failed("start", path, errno);
    }

    /// <summary>Waits until that child ends; other children that end meanwhile are reaped, as is PID 1's duty.</summary>
    /// <returns>Its exit code; 128 and the signal's number when a signal ended it.</returns>
    public static int WaitFor(int process)
    {
        int status = 0;
        int ended;
        do
        {
            ended = Libc.waitpid(-1, &status, 0);
        } while (ended != process && (ended > 0 || Marshal.GetLastPInvokeError() == Errno.Interrupted));
        return ExitCode(status);
    }

    /// <summary>Of a status of wait(2): the exit code; 128 and the signal's number when a signal ended the process.</summary>
    public static int ExitCode(int status)
    {
        const int signalBits = 0x7F;
        const int bySignal = 128;
        return (status & signalBits) == 0 ? (status >> 8) & 0xFF : bySignal + (status & signalBits);
    }

    /// <summary>Reaps the children that have ended, without waiting.</summary>
    public static void Reap()
    {
        int status;
        const int noHang = 1;
        while (Libc.waitpid(-1, &status, noHang) > 0) { }
    }

    /// <summary>dup3(2) of an open file onto a descriptor number: 0, 1 and 2 are the standard ones.</summary>
    public static void UseAsDescriptor(SafeHandle file, int number) =>
        Syscall.Check(Libc.dup3((int)file.DangerousGetHandle(), number, 0), "use as descriptor", number.ToString());

    /// <summary>umask(2).</summary>
    public static void SetModeMask(int mask) => _ = Libc.umask((uint)mask);

    private static void ResetSignals()
    {
        byte* none = stackalloc byte[128];
        _ = Libc.sigemptyset(none);
        const int signals = 64;
        for (int number = 1; number <= signals; number++)
        {
            _ = Libc.signal(number, 0);
        }
        _ = Libc.sigprocmask(SIG_SETMASK, none, null);
    }
}
