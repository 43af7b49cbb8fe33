using Rootcast.Contract;
using Rootcast.Formats.Elf;

namespace Rootcast.Init.RootDaemons;

/// <summary>
/// Starts a root daemon in its own root, waits for its end, and says that on the console with the last that the daemon said: by then nothing of the
/// tree answers any more that could. It takes one page of memory and needs no file once it runs.
/// </summary>
public static class WatchProgram
{
    /// <summary>Where in the daemon's root the status is (four bytes, wait(2)) with which it ended before the handover.</summary>
    public const string Ended = "/ended";

    private const uint Read = 0;
    private const uint Write = 1;
    private const uint Open = 2;
    private const uint Poll = 7;
    private const uint Seek = 8;
    private const uint Duplicate = 33;
    private const uint Pause = 34;
    private const uint Fork = 57;
    private const uint Execute = 59;
    private const uint Wait = 61;
    private const uint ChangeDirectory = 80;
    private const uint ChangeRoot = 161;
    private const uint Sync = 162;
    private const uint Reboot = 169;
    private const uint Exit = 231;

    private const int WriteOnly = 1;
    private const int CreateAppend = 0x440;
    private const int CloseOnExecute = 0x80000;
    private const int NoTerminal = 0x100;

    // Of the log, of the kernel's log, and of the console, once the daemon has ended.
    private const int LogNumber = 10;
    private const int KernelNumber = 11;
    private const int ConsoleNumber = 12;

    /// <summary>What /dev/kmsg takes as one message, with its first words.</summary>
    private const int LogTail = 800;

    // linux/reboot.h
    private const uint Magic = 0xFEE1DEAD;
    private const uint Magic2 = 672274793;
    private const uint Restart = 0x01234567;
    private const uint PowerOff = 0x4321FEDC;

    private static readonly string[] Environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/", "LANG=C"];

    /// <summary>The executable file.</summary>
    /// <param name="daemon">What to start; its arguments are final.</param>
    /// <param name="place">Its root.</param>
    /// <param name="onFail">What follows its end once the tree has taken over.</param>
    /// <param name="countdown">How long what is on the console stays.</param>
    public static byte[] File(RootDaemon daemon, string place, OnFail onFail, TimeSpan countdown)
    {
        SystemCallProgram program = new();
        // Nobody who looks for memory may end it (proc_pid_oom_score_adj(5)); its child inherits that.
        WriteText(program, Open, "/proc/self/oom_score_adj", "-1000");
        program.Call(ChangeRoot, program.Text(place));
        program.Call(ChangeDirectory, program.Text("/"));
        program.Call(Open, program.Text(PrivateRoot.Log), WriteOnly | CreateAppend, 0x1A4);
        program.Call(Duplicate, CallArgument.Result, 1);
        program.Call(Duplicate, 1, 2);
        program.Call(Fork);
        program.Keep();
        program.WhenKeptIsZero(() =>
        {
            // A name that begins so is spared at the machine's end (systemd.io/ROOT_STORAGE_DAEMONS).
            string[] arguments = ["@" + Path.GetFileName(daemon.Program), .. daemon.Arguments];
            program.Call(Execute, program.Text(daemon.Program), program.Texts(arguments), program.Texts(Environment));
            const int notExecuted = 127;
            program.Call(Exit, notExecuted);
        });
        uint status = program.Data(new byte[sizeof(int)]);
        program.Call(Wait, CallArgument.Kept, status);
        program.Call(Open, program.Text(PrivateRoot.HandedOver), CloseOnExecute);
        program.Keep();
        program.WhenKeptIsGood(() => SayAndEnd(program, daemon, onFail, countdown));
        program.Call(Open, program.Text(Ended), WriteOnly | CreateAppend, 0x1A4);
        program.Call(Write, CallArgument.Result, status, sizeof(int));
        program.Call(Exit, 1);
        return program.ToFile();
    }

    private static void SayAndEnd(SystemCallProgram program, RootDaemon daemon, OnFail onFail, TimeSpan countdown)
    {
        string then = onFail switch
        {
            OnFail.Reboot => $"The machine restarts in {countdown.TotalSeconds:0} s.",
            OnFail.Halt => $"The machine switches off in {countdown.TotalSeconds:0} s.",
            _ => "Nothing can be started any more: switch the machine off.",
        };
        string text = $"rootcast: the root daemon {daemon.Name} has ended, and the root with it. {then} The last it said:";
        program.Call(Open, program.Text("/dev/kmsg"), WriteOnly);
        program.Call(Duplicate, CallArgument.Result, KernelNumber);
        program.Call(Open, program.Text("/dev/console"), WriteOnly | NoTerminal);
        program.Call(Duplicate, CallArgument.Result, ConsoleNumber);
        Say(program, KernelNumber, $"<2>{text}\n");
        Say(program, ConsoleNumber, $"\r\n{text}\r\n");
        program.Call(Open, program.Text(PrivateRoot.Log));
        program.Call(Duplicate, CallArgument.Result, LogNumber);
        const int fromEnd = 2;
        // A log that is shorter is read from its beginning: the place stays then.
        program.Call(Seek, LogNumber, -LogTail, fromEnd);
        uint tail = program.Data(new byte[LogTail]);
        program.Call(Read, LogNumber, tail, LogTail);
        program.Keep();
        program.Call(Write, KernelNumber, tail, CallArgument.Kept);
        program.Call(Write, ConsoleNumber, tail, CallArgument.Kept);
        if (onFail is OnFail.Reboot or OnFail.Halt)
        {
            // Other file systems than the root may have something to write; one that hangs must not stop this.
            program.Call(Fork);
            program.Keep();
            program.WhenKeptIsZero(() =>
            {
                program.Call(Sync);
                program.Call(Exit, 0);
            });
            program.Call(Poll, 0, 0, (int)countdown.TotalMilliseconds);
            program.Call(Reboot, Magic, Magic2, onFail == OnFail.Halt ? PowerOff : Restart);
        }
        program.Forever(Pause);
    }

    private static void Say(SystemCallProgram program, int number, string text) =>
        program.Call(Write, number, program.Text(text), System.Text.Encoding.UTF8.GetByteCount(text));

    private static void WriteText(SystemCallProgram program, uint open, string path, string text)
    {
        program.Call(open, program.Text(path), WriteOnly | CloseOnExecute);
        program.Call(Write, CallArgument.Result, program.Text(text), text.Length);
    }
}
