using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Rootcast.Contract;
using Rootcast.Lab.Machines;

namespace Rootcast.Lab.Running;

/// <summary>A machine that runs. Disposing it ends QEMU and removes its sockets; the console log stays.</summary>
public sealed class RunningMachine : IAsyncDisposable
{
    /// <summary>Time that QEMU has for leaving by itself before it is killed.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    private readonly Process process;
    private readonly MachineFiles files;
    private readonly Socket eventListener;
    private readonly Socket controlListener;
    private readonly Channel<MachineEvent> events = Channel.CreateBounded<MachineEvent>(4096);
    private readonly CancellationTokenSource ended = new();
    private readonly StringBuilder complaints = new();
    private QmpConnection? control;
    private Task watching = Task.CompletedTask;

    private RunningMachine(Process process, MachineFiles files, Socket eventListener, Socket controlListener)
    {
        this.process = process;
        this.files = files;
        this.eventListener = eventListener;
        this.controlListener = controlListener;
    }

    /// <summary>All that happens, in order; completes after <see cref="MachineEventKind.Exited"/>.</summary>
    public ChannelReader<MachineEvent> Events => events.Reader;

    /// <summary>What the guest wrote to its first serial port.</summary>
    public string ConsoleLog => files.ConsoleLog;

    /// <summary>What QEMU itself said; complete once it has exited.</summary>
    public string Complaints
    {
        get
        {
            lock (complaints)
            {
                return complaints.ToString().Trim();
            }
        }
    }

    /// <summary>Starts QEMU, which connects to our sockets.</summary>
    /// <exception cref="UserError">The directory's name is too long for a socket, or QEMU can't be started.</exception>
    public static RunningMachine Start(QemuProgram qemu, Machine machine, MachineFiles files)
    {
        Socket forEvents = Listen(files.EventSocket);
        Socket forControl = Listen(files.ControlSocket);
        Process qemuProcess = new() { StartInfo = StartInfo(qemu, machine, files) };
        RunningMachine running = new(qemuProcess, files, forEvents, forControl);
        try
        {
            qemuProcess.ErrorDataReceived += (_, line) => running.Complain(line.Data);
            qemuProcess.Start();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            forEvents.Dispose();
            forControl.Dispose();
            throw new UserError($"{qemu.Path}: {e.Message}", "check that the file is QEMU's and may be executed", UserErrorKind.Missing, e);
        }
        if (machine.Console == ConsoleMode.Log)
        {
            qemuProcess.StandardInput.Close();
            qemuProcess.BeginErrorReadLine();
        }
        running.watching = running.WatchAsync();
        return running;
    }

    /// <summary>Asks the guest to shut down, as its power button does.</summary>
    public Task PressPowerButtonAsync(CancellationToken cancellation) =>
        control?.ExecuteAsync("system_powerdown", cancellation) ?? Task.CompletedTask;

    /// <summary>Resident memory of QEMU at its highest, in bytes; 0 when the process is gone.</summary>
    public long PeakMemory()
    {
        try
        {
            process.Refresh();
            return process.PeakWorkingSet64;
        }
        catch (InvalidOperationException)
        {
            return 0;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (control is not null)
        {
            await control.ExecuteAsync("quit", CancellationToken.None);
            await WaitForExitAsync();
        }
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }
        // Nobody reads any more; without this a full channel would hold up the readers for ever.
        events.Writer.TryComplete();
        await ended.CancelAsync();
        await watching;
        process.Dispose();
        eventListener.Dispose();
        controlListener.Dispose();
        ended.Dispose();
        File.Delete(files.EventSocket);
        File.Delete(files.ControlSocket);
    }

    private static ProcessStartInfo StartInfo(QemuProgram qemu, Machine machine, MachineFiles files) =>
        new(qemu.Path, QemuArguments.For(machine, files))
        {
            UseShellExecute = false,
            RedirectStandardInput = machine.Console == ConsoleMode.Log,
            RedirectStandardError = machine.Console == ConsoleMode.Log,
        };

    private static Socket Listen(string path)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            socket.Listen(1);
            return socket;
        }
        catch (ArgumentOutOfRangeException e)
        {
            socket.Dispose();
            throw new UserError(
                $"{path}: too long for the name of a socket",
                "set TMPDIR to a directory with a shorter name",
                UserErrorKind.Input,
                e
            );
        }
    }

    private async Task WaitForExitAsync()
    {
        using CancellationTokenSource patience = new(Farewell);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // It is killed next.
        }
    }

    private async Task WatchAsync()
    {
        Task said = SwallowAsync(ReadEventsAsync());
        Task controlled = SwallowAsync(ReadControlAsync());
        await process.WaitForExitAsync();
        int code = process.ExitCode;
        // What QEMU sent before it left is still in the sockets; both reach their end now, or were never connected.
        await ended.CancelAsync();
        try
        {
            await Task.WhenAll(said, controlled);
            await events.Writer.WriteAsync(new MachineEvent(MachineEventKind.Exited, ExitCode: code));
            events.Writer.TryComplete();
        }
        catch (ChannelClosedException)
        {
            // Disposed meanwhile: nobody reads.
        }
        catch (InvalidDataException e)
        {
            events.Writer.TryComplete(e);
        }
    }

    private async Task ReadEventsAsync()
    {
        using Socket connection = await eventListener.AcceptAsync(ended.Token);
        await using NetworkStream stream = new(connection);
        await GuestEventReader.ReadAsync(stream, events.Writer, CancellationToken.None);
    }

    private async Task ReadControlAsync()
    {
        using Socket connection = await controlListener.AcceptAsync(ended.Token);
        await using NetworkStream stream = new(connection);
        using QmpConnection connected = new(stream);
        control = connected;
        await connected.ReadAsync(events.Writer, CancellationToken.None);
    }

    private static async Task SwallowAsync(Task reading)
    {
        try
        {
            await reading;
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException or SocketException)
        {
            // The machine ended before it connected, or nobody listens any more.
        }
    }

    private void Complain(string? line)
    {
        lock (complaints)
        {
            if (line is not null && complaints.Length < 16_384)
            {
                complaints.AppendLine(line);
            }
        }
    }
}
