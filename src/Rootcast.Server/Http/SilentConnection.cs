using System.Diagnostics;
using Microsoft.AspNetCore.Connections;

namespace Rootcast.Server.Http;

/// <summary>A connection whose client has said nothing yet; closed when that takes too long.</summary>
/// <param name="connection">The connection.</param>
/// <param name="longest">How long that is.</param>
internal sealed class SilentConnection(ConnectionContext connection, TimeSpan longest)
{
    private readonly long opened = Stopwatch.GetTimestamp();
    private volatile bool spoke;

    /// <summary>For Kestrel, which calls it every second as long as the connection is there.</summary>
    public static Action<object> Look { get; } = state => ((SilentConnection)state).CloseWhenLate();

    /// <summary>The client has said something, or is gone.</summary>
    public void Spoke() => spoke = true;

    private void CloseWhenLate()
    {
        if (!spoke && Stopwatch.GetElapsedTime(opened) > longest)
        {
            spoke = true;
            connection.Abort();
        }
    }
}
