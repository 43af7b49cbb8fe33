using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using Rootcast.Contract;
using Rootcast.Server.Api;
using Rootcast.Server.Nodes;

namespace Rootcast.Server.Dashboard;

/// <summary>
/// Tells browsers what has changed, as events of a stream (HTML Standard, 9.2). The state is asked once for all of them, and only while somebody listens; what differs from
/// before is told. So changes that another server made to a shared state are seen too, within <see cref="Everything"/> steps.
/// </summary>
internal sealed class DashboardFeed : IAsyncDisposable
{
    /// <summary>After so many steps everything is looked at, whether something was heard or not.</summary>
    private const int Everything = 20;

    private const int StormSteps = 4;
    private const int HeartbeatSteps = 60;

    /// <summary>More changes at once than that are told as one: look at everything.</summary>
    private const int MostChanges = 128;

    /// <summary>What is kept for who comes back.</summary>
    private const int MostKept = 512;
    private const int MostKeptBytes = 1 << 20;

    /// <summary>What a listener may leave lying; then it is let go, and comes back.</summary>
    private const int MostWaiting = 256;

    private static readonly byte[] Heartbeat = ":\n\n"u8.ToArray();

    private readonly NodeRegistry nodes;
    private readonly NodeApi api;
    private readonly Func<StormData> storm;
    private readonly DashboardOptions options;
    private readonly bool mustBeApproved;
    private readonly ServerLog log;
    private readonly string epoch = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
    private readonly Lock gate = new();
    private readonly List<Channel<byte[]>> listeners = [];
    private readonly Queue<(long Number, byte[] Frame)> kept = [];
    private readonly Dictionary<string, string> said = new(StringComparer.Ordinal);
    private readonly HashSet<string> heard = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim somebody = new(0);
    private readonly CancellationTokenSource stop = new();
    private readonly Task running;
    private long number;
    private long keptBytes;
    private long steps;
    private long nextLook;
    private bool isChanged;
    private bool isDisposed;

    /// <summary>Begins to hear of changes.</summary>
    /// <param name="nodes">Says that something has changed.</param>
    /// <param name="api">Says what, as programs see it.</param>
    /// <param name="storm">What is sent at this moment.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="mustBeApproved">Whether nodes wait until they are approved.</param>
    /// <param name="log">Where it is said when the state cannot be read.</param>
    public DashboardFeed(
        NodeRegistry nodes,
        NodeApi api,
        Func<StormData> storm,
        DashboardOptions options,
        bool mustBeApproved,
        ServerLog log
    )
    {
        this.nodes = nodes;
        this.api = api;
        this.storm = storm;
        this.options = options;
        this.mustBeApproved = mustBeApproved;
        this.log = log;
        running = Task.WhenAll(HearAsync(), StepAsync());
    }

    /// <summary>Stops, and ends what every listener hears.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isDisposed, true))
        {
            return;
        }
        await stop.CancelAsync();
        try
        {
            await running;
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
        lock (gate)
        {
            listeners.ForEach(listener => listener.Writer.TryComplete());
            listeners.Clear();
        }
        stop.Dispose();
        somebody.Dispose();
    }

    /// <summary>Begins to tell somebody; null when too many are told already.</summary>
    /// <param name="last">The id of the last event that he heard; null or another server's for nothing.</param>
    public Channel<byte[]>? Listen(string? last)
    {
        lock (gate)
        {
            if (listeners.Count >= options.MostListeners || stop.IsCancellationRequested)
            {
                return null;
            }
            bool isFirst = said.Count == 0;
            if (listeners.Count == 0)
            {
                Look(isSilent: isFirst);
                somebody.Release();
            }
            Channel<byte[]> listener = Channel.CreateBounded<byte[]>(MostWaiting + MostKept + 2);
            long from = After(last);
            listener.Writer.TryWrite(
                Frame("hello", Json(new HelloData(from >= 0, mustBeApproved), DashboardJson.Default.HelloData), number)
            );
            listener.Writer.TryWrite(Frame("storm", Json(storm(), DashboardJson.Default.StormData), number));
            foreach ((long one, byte[] frame) in kept)
            {
                if (from >= 0 && one > from)
                {
                    listener.Writer.TryWrite(frame);
                }
            }
            listeners.Add(listener);
            return listener;
        }
    }

    /// <summary>Tells somebody no more.</summary>
    public void Leave(Channel<byte[]> listener)
    {
        lock (gate)
        {
            listeners.Remove(listener);
        }
    }

    private async Task HearAsync()
    {
        await foreach (NodeChange change in nodes.Feed.ListenAsync(stop.Token))
        {
            lock (gate)
            {
                isChanged = true;
                // Of a boot more may have changed than the node's own data says: who looks at it asks for its log.
                if (change.Kind == "boot" && heard.Count < MostChanges)
                {
                    heard.Add(change.Node);
                }
            }
        }
    }

    private async Task StepAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            await somebody.WaitAsync(stop.Token);
            using PeriodicTimer timer = new(options.Step);
            while (Step() && await timer.WaitForNextTickAsync(stop.Token)) { }
        }
    }

    /// <summary>Whether somebody listens still.</summary>
    private bool Step()
    {
        lock (gate)
        {
            if (listeners.Count == 0)
            {
                return false;
            }
            steps++;
            if ((isChanged && steps >= nextLook) || steps % Everything == 0)
            {
                long begun = Environment.TickCount64;
                Look(isSilent: false);
                // A tenth of the time at most goes by with looking, however many nodes there are.
                nextLook = steps + ((Environment.TickCount64 - begun) * 10 / (long)options.Step.TotalMilliseconds);
            }
            if (steps % StormSteps == 0)
            {
                TellStorm();
            }
            if (steps % HeartbeatSteps == 0)
            {
                Send(Heartbeat);
            }
            return true;
        }
    }

    /// <summary>Compares what is now with what was said, and says what differs.</summary>
    private void Look(bool isSilent)
    {
        isChanged = false;
        try
        {
            HashSet<string> gone = [.. said.Keys.Where(key => key.StartsWith("node ", StringComparison.Ordinal))];
            List<byte[]> news = [];
            foreach (NodeData node in api.Nodes())
            {
                string key = $"node {node.Id}";
                gone.Remove(key);
                byte[] data = Json(node, ApiJson.Default.NodeData);
                string hash = HashOf(data);
                if (said.GetValueOrDefault(key) != hash)
                {
                    said[key] = hash;
                    news.Add(data);
                }
            }
            if (!isSilent && news.Count + gone.Count > MostChanges)
            {
                Tell("reset", "{}"u8.ToArray());
            }
            else if (!isSilent)
            {
                news.ForEach(data => Tell("node", data));
            }
            foreach (string key in gone)
            {
                said.Remove(key);
                if (!isSilent)
                {
                    Tell("gone", Json(new NodeReference(key["node ".Length..]), DashboardJson.Default.NodeReference));
                }
            }
            foreach (string node in heard)
            {
                Tell("boot", Json(new NodeReference(node), DashboardJson.Default.NodeReference));
            }
            heard.Clear();
            TellIfNew("images", Json(api.Images(), ApiJson.Default.IReadOnlyListServedImageData), isSilent);
            TellIfNew("assignments", Json(api.Assignments(), ApiJson.Default.IReadOnlyListAssignmentData), isSilent);
        }
        catch (UserError error)
        {
            // The next step looks again.
            log.Refuse(new ServerEvent("dashboard", "-", error.Message));
        }
    }

    /// <summary>Figures of a moment: nobody has missed the last ones, so they are not kept.</summary>
    private void TellStorm()
    {
        byte[] data = Json(storm(), DashboardJson.Default.StormData);
        string hash = HashOf(data);
        if (said.GetValueOrDefault("storm") != hash)
        {
            said["storm"] = hash;
            Send(Frame("storm", data, number));
        }
    }

    private void TellIfNew(string kind, byte[] data, bool isSilent)
    {
        string hash = HashOf(data);
        if (said.GetValueOrDefault(kind) != hash)
        {
            said[kind] = hash;
            if (!isSilent)
            {
                Tell(kind, data);
            }
        }
    }

    private void Tell(string kind, byte[] data)
    {
        byte[] frame = Frame(kind, data, ++number);
        kept.Enqueue((number, frame));
        keptBytes += frame.Length;
        while (kept.Count > MostKept || keptBytes > MostKeptBytes)
        {
            keptBytes -= kept.Dequeue().Frame.Length;
        }
        Send(frame);
    }

    private void Send(byte[] frame)
    {
        for (int i = listeners.Count - 1; i >= 0; i--)
        {
            if (listeners[i].Reader.Count >= MostWaiting + MostKept || !listeners[i].Writer.TryWrite(frame))
            {
                // Nobody is waited for. It comes back, and is told what it missed or to look at everything.
                listeners[i].Writer.TryComplete();
                listeners.RemoveAt(i);
            }
        }
    }

    /// <summary>The number of an event that everything after is still kept of; -1 when it is not.</summary>
    private long After(string? last) =>
        last is not null
        && last.StartsWith(epoch + "-", StringComparison.Ordinal)
        && long.TryParse(last.AsSpan(epoch.Length + 1), System.Globalization.NumberStyles.None, null, out long heardLast)
        && heardLast <= number
        && (heardLast == number || (kept.TryPeek(out (long Number, byte[] Frame) oldest) && oldest.Number <= heardLast + 1))
            ? heardLast
            : -1;

    private byte[] Frame(string kind, byte[] data, long id) =>
        [.. Encoding.UTF8.GetBytes($"id: {epoch}-{id}\nevent: {kind}\ndata: "), .. data, .. "\n\n"u8];

    /// <summary>JSON in one line. A line's end is never within one of its strings.</summary>
    private static byte[] Json<T>(T value, JsonTypeInfo<T> type)
    {
        byte[] indented = JsonSerializer.SerializeToUtf8Bytes(value, type);
        int length = 0;
        bool isIndent = false;
        foreach (byte one in indented)
        {
            isIndent = one == '\n' || (isIndent && one == ' ');
            if (!isIndent)
            {
                indented[length++] = one;
            }
        }
        return indented[..length];
    }

    private static string HashOf(byte[] data) => Convert.ToHexStringLower(SHA256.HashData(data).AsSpan(0, 8));
}
