using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Rootcast.Lab.Machines;

namespace Rootcast.Vm.Tests;

/// <summary>An HTTP/1.1 server on loopback that serves one file as badly as it is told to.</summary>
public sealed class FaultyServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopped = new();
    private readonly string path;
    private readonly ServerFault fault;
    private readonly Task accepting;
    private int cutsLeft;

    public FaultyServer(string path, ServerFault fault, int cuts = 0)
    {
        this.path = path;
        this.fault = fault;
        cutsLeft = cuts;
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>As a guest asks for the file.</summary>
    public string Url => $"http://{Machine.HostAddress}:{((IPEndPoint)listener.LocalEndpoint).Port}/artefact";

    /// <summary>How many requests came.</summary>
    public int Requests { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await stopped.CancelAsync();
        listener.Stop();
        await accepting;
        stopped.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> clients = [];
        try
        {
            while (true)
            {
                clients.Add(ServeAsync(await listener.AcceptTcpClientAsync(stopped.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(clients);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                await using NetworkStream stream = client.GetStream();
                while (await ReadRequestAsync(stream) is { } request)
                {
                    Requests++;
                    if (!await AnswerAsync(stream, request))
                    {
                        return;
                    }
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
        {
            // The guest went away, or the test has ended.
        }
    }

    private async Task<string?> ReadRequestAsync(NetworkStream stream)
    {
        byte[] head = new byte[8192];
        int length = 0;
        while (length < head.Length && await stream.ReadAsync(head.AsMemory(length, 1), stopped.Token) == 1)
        {
            length++;
            string text = Encoding.ASCII.GetString(head, 0, length);
            if (text.EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                return text;
            }
        }
        return null;
    }

    /// <summary>False when the connection is to be closed.</summary>
    private async Task<bool> AnswerAsync(NetworkStream stream, string request)
    {
        if (fault == ServerFault.NotFound)
        {
            await stream.WriteAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), stopped.Token);
            return true;
        }
        await using FileStream file = File.OpenRead(path);
        long length = fault == ServerFault.ShortByOne ? file.Length - 1 : file.Length;
        long start = RangeStart(request);
        string head =
            start > 0
                ? $"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {start}-{length - 1}/{length}\r\n"
                : "HTTP/1.1 200 OK\r\nAccept-Ranges: bytes\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{head}ETag: \"one\"\r\nContent-Length: {length - start}\r\n\r\n"), stopped.Token);
        if (request.StartsWith("HEAD ", StringComparison.Ordinal))
        {
            return true;
        }
        // A piece each time, so that something new arrives between two cuts.
        long stop = fault switch
        {
            ServerFault.CutConnections => Math.Min(length, start + (length / 8)),
            // Always at the same place: who asks again gets no further.
            ServerFault.Stalls => Math.Max(start, length / 8),
            _ => length,
        };
        if (fault == ServerFault.CutConnections && cutsLeft-- <= 0)
        {
            stop = length;
        }
        await SendAsync(stream, file, start, stop);
        if (stop < length && fault == ServerFault.Stalls)
        {
            await Task.Delay(Timeout.Infinite, stopped.Token);
        }
        return stop == length;
    }

    private async Task SendAsync(NetworkStream stream, FileStream file, long start, long stop)
    {
        byte[] buffer = new byte[256 << 10];
        file.Position = start;
        while (file.Position < stop)
        {
            long at = file.Position;
            int length = await file.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, stop - at)), stopped.Token);
            long flipped = (file.Length / 2) - at;
            if (fault == ServerFault.FlippedBit && flipped >= 0 && flipped < length)
            {
                buffer[flipped] ^= 1;
            }
            await stream.WriteAsync(buffer.AsMemory(0, length), stopped.Token);
        }
    }

    private static long RangeStart(string request)
    {
        const string field = "\r\nrange: bytes=";
        int at = request.IndexOf(field, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return 0;
        }
        string value = request[(at + field.Length)..];
        return long.Parse(value[..value.IndexOf('-', StringComparison.Ordinal)], CultureInfo.InvariantCulture);
    }
}
