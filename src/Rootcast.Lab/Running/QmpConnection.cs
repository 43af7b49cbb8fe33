using System.Text;
using System.Threading.Channels;

namespace Rootcast.Lab.Running;

/// <summary>QEMU's control connection (docs/interop/qmp-spec): commands without answers that we need, and the events that end a guest.</summary>
internal sealed class QmpConnection(Stream stream) : IDisposable
{
    /// <summary>No message of those we ask for is near this; more is not QEMU's.</summary>
    private const int LongestMessage = 1 << 20;

    private readonly StreamReader reader = new(stream, Encoding.UTF8);

    /// <summary>Leaves the negotiation mode, then hands on events until QEMU closes the connection.</summary>
    public async Task ReadAsync(ChannelWriter<MachineEvent> events, CancellationToken cancellation)
    {
        await ExecuteAsync("qmp_capabilities", cancellation);
        while (await ReadLineAsync(cancellation) is { } line)
        {
            if (QmpEvents.KindOf(line) is { } kind)
            {
                await events.WriteAsync(new MachineEvent(kind), cancellation);
            }
        }
    }

    /// <summary>Sends a command that takes no arguments.</summary>
    public async Task ExecuteAsync(string command, CancellationToken cancellation)
    {
        try
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes($$"""{"execute":"{{command}}"}""" + "\n"), cancellation);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // QEMU is gone already; whoever waits for its end sees that.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => reader.Dispose();

    private async Task<string?> ReadLineAsync(CancellationToken cancellation)
    {
        try
        {
            string? line = await reader.ReadLineAsync(cancellation);
            return line is { Length: > LongestMessage }
                ? throw new InvalidDataException($"QMP: a message of {line.Length} characters")
                : line;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
