using System.Net;

namespace Rootcast.Server.Http;

/// <summary>
/// Lets a number of downloads run at full speed and the rest wait for their turn, who asked first before who asked later, so that in a storm machines get ready one after
/// the other and not all at the end. A request is held for a moment, and takes the first place that becomes free; then it is told to come again, which keeps its turn.
/// </summary>
/// <param name="places">Downloads at the same time.</param>
/// <param name="hold">How long a request is held; shorter than clients wait for an answer.</param>
/// <param name="clock">What time it is.</param>
internal sealed class DownloadAdmission(int places, TimeSpan hold, TimeProvider clock)
{
    /// <summary>Requests that are held for each place, so that none stays empty; more are told to come again at once. Each takes some memory.</summary>
    private const int HeldForEach = 2;

    /// <summary>Who has not come again for so long has lost its turn.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1);

    /// <summary>Turns that are remembered: addresses are easily made up.</summary>
    private const int MostTurns = 16_384;

    private readonly Lock gate = new();
    private readonly Dictionary<IPAddress, Turn> turns = [];
    private readonly SortedDictionary<(DownloadRank Rank, long Number, long Request), TaskCompletionSource> held = [];
    private long numbers;
    private long swept;
    private int running;

    /// <summary>Downloads that run, and machines that wait for their turn.</summary>
    public (int Running, int Waiting) State
    {
        get
        {
            lock (gate)
            {
                return (running, turns.Count);
            }
        }
    }

    /// <summary>Asks for a place. Who gets one gives it back by <see cref="Leave"/>.</summary>
    /// <param name="client">Who asks.</param>
    /// <param name="rank">How much it has already: it comes before all who have less.</param>
    /// <param name="cancellation">When the client is gone.</param>
    /// <returns>0 when it has a place; else the seconds after which to ask again.</returns>
    public async ValueTask<int> EnterAsync(IPAddress client, DownloadRank rank, CancellationToken cancellation)
    {
        TaskCompletionSource called = new(TaskCreationOptions.RunContinuationsAsynchronously);
        (DownloadRank Rank, long Number, long Request) key;
        lock (gate)
        {
            Forget();
            long number = turns.TryGetValue(client, out Turn known) ? known.Number : ++numbers;
            key = (rank, number, ++numbers);
            if (running < places && (held.Count == 0 || key.CompareTo(held.First().Key) < 0))
            {
                running++;
                turns.Remove(client);
                return 0;
            }
            if (turns.Count < MostTurns || turns.ContainsKey(client))
            {
                turns[client] = new Turn(number, clock.GetTimestamp());
            }
            if (held.Count >= HeldForEach * places)
            {
                (var last, TaskCompletionSource other) = held.Last();
                if (key.CompareTo(last) > 0)
                {
                    return Seconds();
                }
                held.Remove(last);
                other.TrySetCanceled(CancellationToken.None);
            }
            held.Add(key, called);
        }
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using CancellationTokenRegistration over = patience.Token.Register(() => called.TrySetCanceled(CancellationToken.None));
        patience.CancelAfter(hold);
        try
        {
            await called.Task;
            lock (gate)
            {
                turns.Remove(client);
            }
            return 0;
        }
        catch (OperationCanceledException)
        {
            lock (gate)
            {
                held.Remove(key);
                return Seconds();
            }
        }
    }

    /// <summary>Gives a place back: the next one is called.</summary>
    public void Leave()
    {
        lock (gate)
        {
            while (held.Count > 0)
            {
                (var first, TaskCompletionSource called) = held.First();
                held.Remove(first);
                if (called.TrySetResult())
                {
                    // The place changes hands.
                    return;
                }
            }
            running--;
        }
    }

    /// <summary>Short for a few who wait; in a storm so long that all of them together ask some hundred times a second.</summary>
    private int Seconds() => 1 + Math.Min(29, turns.Count / (16 * places));

    private void Forget()
    {
        if (turns.Count == 0 || clock.GetElapsedTime(swept) < Sweep)
        {
            return;
        }
        swept = clock.GetTimestamp();
        foreach ((IPAddress client, Turn turn) in turns)
        {
            if (clock.GetElapsedTime(turn.Asked) > Patience)
            {
                turns.Remove(client);
            }
        }
    }

    private readonly record struct Turn(long Number, long Asked);
}
