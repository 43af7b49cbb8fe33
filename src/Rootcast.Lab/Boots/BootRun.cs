using Rootcast.Contract;
using Rootcast.Lab.Machines;
using Rootcast.Lab.Running;

namespace Rootcast.Lab.Boots;

/// <summary>One boot of a machine, watched.</summary>
/// <param name="qemu">The QEMU that runs it.</param>
/// <param name="watch">What to wait for.</param>
/// <param name="onMark">Told of each mark, for progress.</param>
public sealed class BootRun(QemuProgram qemu, BootWatch watch, Action<Mark>? onMark = null)
{
    /// <summary>Whether something is typed, for which the machine needs a console that takes it.</summary>
    public bool Types => watch.Answer is not null;

    /// <summary>Boots and watches; when this returns or throws, the machine is gone.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="files">Its sockets and its console log, which stays.</param>
    /// <param name="cancellation">Ends the machine.</param>
    public async Task<BootReport> BootAsync(Machine machine, MachineFiles files, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(files.ConsoleLog)!);
        File.Delete(files.ConsoleLog);
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(watch.Deadline);
        BootRecorder recorder = new(watch.Until, onMark);
        BootEnding ending = BootEnding.Deadline;
        RunningMachine running = RunningMachine.Start(qemu, machine, files);
        await using (running)
        {
            using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
            Task answered = watch.Answer is { } answer ? AnswerAsync(running, answer, enough.Token) : Task.CompletedTask;
            Task? said = watch.Console is { } text ? SaidAsync(files.ConsoleLog, text, enough) : null;
            try
            {
                ending = await WatchAsync(running, recorder, enough.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // The text on the console, or the deadline; the report says which.
                ending = said?.IsCompletedSuccessfully == true ? BootEnding.Reached : BootEnding.Deadline;
            }
            await enough.CancelAsync();
            await (said ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await answered.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return recorder.Report(ending, files.ConsoleLog) with { Complaints = running.Complaints };
    }

    /// <summary>Ends the watching when the console says what is waited for.</summary>
    private static async Task SaidAsync(string log, string text, CancellationTokenSource enough)
    {
        await ConsoleText.WaitAsync(log, text, 0, enough.Token);
        await enough.CancelAsync();
    }

    private static async Task AnswerAsync(RunningMachine running, (string Question, string Line) answer, CancellationToken cancellation)
    {
        // A program that asks for a passphrase throws away what was typed before it listened, and asks again.
        long asked = 0;
        while (true)
        {
            asked = await ConsoleText.WaitAsync(running.ConsoleLog, answer.Question, asked, cancellation);
            await running.TypeAsync(answer.Line, cancellation);
        }
    }

    private static async Task<BootEnding> WatchAsync(RunningMachine running, BootRecorder recorder, CancellationToken cancellation)
    {
        BootEnding? ending = null;
        await foreach (MachineEvent happened in running.Events.ReadAllAsync(cancellation))
        {
            if (recorder.Take(happened) is not { } end)
            {
                continue;
            }
            // What the guest sent before it ended may still be on its way through the other socket: QEMU's exit comes last.
            ending ??= end;
            if (end is BootEnding.Reached or BootEnding.Failed or BootEnding.QemuExited)
            {
                return ending.Value;
            }
        }
        return ending ?? BootEnding.QemuExited;
    }
}
