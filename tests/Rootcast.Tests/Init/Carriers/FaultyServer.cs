using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Rootcast.Tests;

/// <summary>An HTTP server on a loopback port that fails as it is told: each connection gets the next behaviour, and the last one stays.</summary>
internal sealed class FaultyServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> kept = [];
    private readonly byte[] content;
    private readonly ServerBehaviour[] behaviours;

    public FaultyServer(byte[] content, params ServerBehaviour[] behaviours)
    {
        this.content = content;
        this.behaviours = behaviours;
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        new Thread(Run) { IsBackground = true }.Start();
    }

    public int Port { get; }

    public string Url => $"http://127.0.0.1:{Port}/root.squashfs";

    /// <summary>The request heads so far.</summary>
    public List<string> Requests { get; } = [];

    public void Dispose()
    {
        listener.Stop();
        lock (kept)
        {
            kept.ForEach(client => client.Dispose());
        }
    }

    private void Run()
    {
        try
        {
            for (int turn = 0; ; turn++)
            {
                TcpClient client = listener.AcceptTcpClient();
                ServerBehaviour behaviour = behaviours[Math.Min(turn, behaviours.Length - 1)];
                try
                {
                    if (!Serve(client.GetStream(), behaviour))
                    {
                        client.Dispose();
                        continue;
                    }
                }
                catch (IOException)
                {
                    // The client has left; most of these tests mean it to.
                }
                lock (kept)
                {
                    kept.Add(client);
                }
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    /// <summary>Answers; true when the connection is to stay open.</summary>
    private bool Serve(NetworkStream stream, ServerBehaviour behaviour)
    {
        string request = ReadHead(stream);
        lock (Requests)
        {
            Requests.Add(request);
        }
        if (behaviour.HangsUp)
        {
            return false;
        }
        int offset = behaviour.IgnoresRange ? 0 : RangeStart(request);
        byte[] rest = content[offset..];
        if (behaviour.FlipAt is { } flip && flip >= offset)
        {
            rest[flip - offset] ^= 0x10;
        }
        bool isPart = behaviour.Status == 200 && offset > 0;
        StringBuilder head = new($"HTTP/1.1 {(isPart ? 206 : behaviour.Status)} Told\r\nETag: \"one\"\r\n");
        if (isPart)
        {
            int first = offset + behaviour.RangeShift;
            head.Append(CultureInfo.InvariantCulture, $"Content-Range: bytes {first}-{content.Length - 1}/{content.Length}\r\n");
        }
        if (behaviour.Location is { } location)
        {
            head.Append("Location: ").Append(location).Append("\r\n");
        }
        if (behaviour.Header is { } header)
        {
            head.Append(header).Append("\r\n");
        }
        byte[] body = behaviour.Status == 200 ? rest : [];
        if (behaviour.IsChunked)
        {
            head.Append("Transfer-Encoding: chunked\r\n");
        }
        else if (!behaviour.TellsNoLength)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {behaviour.ToldLength ?? body.Length}\r\n");
        }
        stream.Write(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()));
        int length = Math.Min(body.Length, Math.Min(behaviour.CutAfter ?? int.MaxValue, behaviour.StallAfter ?? int.MaxValue));
        Send(stream, body.AsSpan(0, length), behaviour.IsChunked, isWhole: length == body.Length);
        return behaviour.StallAfter is not null;
    }

    private static void Send(NetworkStream stream, ReadOnlySpan<byte> body, bool isChunked, bool isWhole)
    {
        const int chunk = 10_000;
        while (isChunked && !body.IsEmpty)
        {
            ReadOnlySpan<byte> part = body[..Math.Min(chunk, body.Length)];
            stream.Write(Encoding.ASCII.GetBytes(part.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"));
            stream.Write(part);
            stream.Write("\r\n"u8);
            body = body[part.Length..];
        }
        stream.Write(body);
        if (isChunked && isWhole)
        {
            stream.Write("0\r\n\r\n"u8);
        }
    }

    private static int RangeStart(string request)
    {
        const string header = "Range: bytes=";
        int at = request.IndexOf("\r\n" + header, StringComparison.Ordinal);
        if (at < 0)
        {
            return 0;
        }
        at += 2 + header.Length;
        return int.Parse(request.AsSpan(at, request.IndexOf('-', at) - at), CultureInfo.InvariantCulture);
    }

    private static string ReadHead(NetworkStream stream)
    {
        StringBuilder head = new();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            int b = stream.ReadByte();
            if (b < 0)
            {
                break;
            }
            head.Append((char)b);
        }
        return head.ToString();
    }
}
