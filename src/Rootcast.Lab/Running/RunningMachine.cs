using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Rootcast.Contract;
using Rootcast.Images.Tools;
using Rootcast.Lab.Machines;

namespace Rootcast.Lab.Running;

/// <summary>A machine that runs. Disposing it ends QEMU and removes its sockets; the console log stays.</summary>
public sealed class RunningMachine : IAsyncDisposable
{
    private const int MostComplaints = 16_384;

    /// <summary>Time that QEMU has for leaving by itself before it is made to.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    /// <summary>Whatever QEMU ends with is reported as an event.</summary>
    private static readonly int[] AnyExitCode = [.. Enumerable.Range(0, 256)];

    private readonly MachineFiles files;
    private readonly Socket eventListener;
    private readonly Socket controlListener;
    private readonly Socket? consoleListener;
    private readonly TaskCompletionSource<NetworkStream> console = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Socket? workListener;
    private readonly GuestWork? work;
    private readonly Channel<MachineEvent> events = Channel.CreateBounded<MachineEvent>(4096);
    private readonly CancellationTokenSource kill = new();
    private readonly CancellationTokenSource ended = new();
    private readonly StringBuilder complaints = new();
    private Task<int> qemuEnds = Task.FromResult(0);
    private Task watching = Task.CompletedTask;
    private QmpConnection? control;

    private RunningMachine(MachineFiles files, GuestWork? work)
    {
        this.files = files;
        this.work = work;
        eventListener = Listen(files.EventSocket);
        controlListener = Listen(files.ControlSocket);
        consoleListener = files.ConsoleSocket is { } socket ? Listen(socket) : null;
        workListener = work is null ? null : Listen(files.WorkSocket!);
    }

    /// <summary>All that happens, in order; completes after <see cref="MachineEventKind.Exited"/>, or with the error that kept QEMU from starting.</summary>
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
    /// <exception cref="UserError">The name of a socket is too long.</exception>
    public static RunningMachine Start(QemuProgram qemu, Machine machine, MachineFiles files)
    {
        RunningMachine running = new(files, machine.Work);
        running.qemuEnds = running.RunQemuAsync(qemu, machine);
        running.watching = running.WatchAsync();
        return running;
    }

    /// <summary>Asks the guest to shut down, as its power button does.</summary>
    public Task PressPowerButtonAsync(CancellationToken cancellation) =>
        control?.ExecuteAsync("system_powerdown", cancellation) ?? Task.CompletedTask;

    /// <summary>Types a line on the guest's console; the machine's files must have a socket for it.</summary>
    public async Task TypeAsync(string line, CancellationToken cancellation)
    {
        NetworkStream stream = await console.Task.WaitAsync(cancellation);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r"), cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (control is not null)
        {
            await control.ExecuteAsync("quit", CancellationToken.None);
            using CancellationTokenSource patience = new(Farewell);
            await ((Task)qemuEnds).WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await kill.CancelAsync();
        // Nobody reads any more; without this a full channel would hold up the readers for ever.
        events.Writer.TryComplete();
        await watching;
        eventListener.Dispose();
        controlListener.Dispose();
        consoleListener?.Dispose();
        workListener?.Dispose();
        kill.Dispose();
        ended.Dispose();
        File.Delete(files.EventSocket);
        File.Delete(files.ControlSocket);
        if (files.ConsoleSocket is { } socket)
        {
            File.Delete(socket);
        }
        if (work is not null)
        {
            File.Delete(files.WorkSocket!);
        }
    }

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
                $"{path} is too long for the name of a socket",
                "Set TMPDIR to a directory with a shorter name.",
                UserErrorKind.Input,
                e
            );
        }
    }

    private async Task<int> RunQemuAsync(QemuProgram qemu, Machine machine)
    {
        IReadOnlyList<string> arguments = QemuArguments.For(machine, files);
        if (machine.Console == ConsoleMode.Terminal)
        {
            return await ForegroundProcess.RunAsync(qemu.Path, arguments, kill.Token);
        }
        Tool tool = new(qemu.Path, arguments) { ErrorLine = Complain, GoodExitCodes = AnyExitCode };
        return (await tool.RunAsync(kill.Token)).ExitCode;
    }

    private async Task WatchAsync()
    {
        Task said = QuietlyAsync(ReadEventsAsync());
        Task controlled = QuietlyAsync(ReadControlAsync());
        Task spoken = QuietlyAsync(ReadConsoleAsync());
        Task worked = QuietlyAsync(SendWorkAsync());
        try
        {
            int code = await QemuEndAsync();
            // What QEMU sent before it left is still in the sockets; both reach their end now, or were never connected.
            await ended.CancelAsync();
            await Task.WhenAll(said, controlled, spoken, worked);
            await events.Writer.WriteAsync(new MachineEvent(MachineEventKind.Exited, ExitCode: code));
            events.Writer.TryComplete();
        }
        catch (ChannelClosedException)
        {
            // Disposed meanwhile: nobody reads.
        }
        catch (Exception e) when (e is InvalidDataException or UserError)
        {
            events.Writer.TryComplete(e);
            await ended.CancelAsync();
        }
    }

    private async Task<int> QemuEndAsync()
    {
        try
        {
            return await qemuEnds;
        }
        catch (OperationCanceledException)
        {
            return -1;
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

    /// <summary>What the guest writes is in the log; it is read here so that QEMU can go on.</summary>
    private async Task ReadConsoleAsync()
    {
        if (consoleListener is null)
        {
            return;
        }
        using Socket connection = await consoleListener.AcceptAsync(ended.Token);
        await using NetworkStream stream = new(connection);
        console.TrySetResult(stream);
        byte[] buffer = new byte[4096];
        while (await stream.ReadAsync(buffer) > 0) { }
    }

    private async Task SendWorkAsync()
    {
        if (work is null)
        {
            return;
        }
        using Socket connection = await workListener!.AcceptAsync(ended.Token);
        await using NetworkStream stream = new(connection);
        await work.SendAsync(stream, ended.Token);
        // The guest may read the last bytes long after they were written, and QEMU drops what it has not taken when the other side is gone.
        _ = await stream.ReadAsync(new byte[1], ended.Token);
    }

    private static async Task QuietlyAsync(Task reading)
    {
        try
        {
            await reading;
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException or SocketException or IOException)
        {
            // The machine ended before it connected, or nobody listens any more.
        }
    }

    private void Complain(string line)
    {
        lock (complaints)
        {
            if (complaints.Length < MostComplaints)
            {
                complaints.AppendLine(line);
            }
        }
    }
}
