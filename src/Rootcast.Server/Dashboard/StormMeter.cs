using Rootcast.Server.Http;

namespace Rootcast.Server.Dashboard;

/// <summary>Reads at which speed a server sends. Called by one thread at a time.</summary>
/// <param name="server">The server; null before it listens.</param>
/// <param name="places">Downloads that may run at the same time.</param>
internal sealed class StormMeter(Func<ArtefactServer?> server, int places)
{
    /// <summary>A shorter time tells more of single buffers than of speed.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);

    private long at = TimeProvider.System.GetTimestamp();
    private long sent;
    private long bytesPerSecond;

    /// <summary>What it sends now.</summary>
    public StormData Measure()
    {
        if (server() is not { } http)
        {
            return new StormData(0, 0, places, 0);
        }
        TimeSpan elapsed = TimeProvider.System.GetElapsedTime(at);
        if (elapsed >= Shortest)
        {
            long now = http.Sent;
            bytesPerSecond = (long)((now - sent) / elapsed.TotalSeconds);
            (at, sent) = (TimeProvider.System.GetTimestamp(), now);
        }
        (int running, int waiting) = http.Downloads;
        return new StormData(bytesPerSecond, running, places, waiting);
    }
}
