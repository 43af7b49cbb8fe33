using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Rootcast.Server.Http;

/// <summary>
/// Looks at connections before a request is read: nobody gets more than a number of them, and what never becomes a request (a TLS handshake that fails, a head
/// that is malformed, too long or too slow) is told of.
/// </summary>
/// <param name="most">Connections of one address at the same time; of one network of 64 bits for IPv6.</param>
/// <param name="idle">How long a connection may be silent before its first request.</param>
/// <param name="refused">Told who was refused and why.</param>
internal sealed class ConnectionGuard(int most, TimeSpan idle, Action<IPAddress, string> refused) : IObserver<KeyValuePair<string, object?>>
{
    /// <summary>The event by which Kestrel tells of a request that it answers itself.</summary>
    private const string BadRequest = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    private const int Ipv6NetworkBytes = 8;
    private const int Crowd = 1024;

    private static readonly object Shaken = new();
    private readonly ConcurrentDictionary<IPAddress, int> open = new();
    private int all;
    private int gone;

    /// <summary>Connections at this moment, of all addresses.</summary>
    public int Open => Volatile.Read(ref all);

    /// <summary>Lets a connection through, or ends it.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        IPAddress client = ContentAnswer.Plain((connection.RemoteEndPoint as IPEndPoint)?.Address);
        IPAddress counted = Network(client);
        Interlocked.Increment(ref all);
        try
        {
            if (open.AddOrUpdate(counted, 1, static (_, count) => count + 1) > most)
            {
                refused(client, $"refused: more than {most} connections at the same time");
                connection.Abort();
                return;
            }
            if (await SpeaksAsync(connection))
            {
                await next(connection);
            }
        }
        finally
        {
            if (Interlocked.Decrement(ref all) >= Crowd && Interlocked.Increment(ref gone) % Crowd == 0)
            {
                // What a crowd held is old, and nobody looks there as long as nobody needs memory.
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
            }
            // Only the one who sees nobody left removes the address.
            if (open.AddOrUpdate(counted, 0, static (_, count) => count - 1) == 0)
            {
                open.TryRemove(new KeyValuePair<IPAddress, int>(counted, 0));
            }
        }
    }

    /// <summary>Waits for a client's first bytes, and leaves them where they are. What reads requests is made after that: of a connection that says nothing it would be
    /// half the memory.</summary>
    private async ValueTask<bool> SpeaksAsync(ConnectionContext connection)
    {
        SilentConnection silent = new(connection, idle);
        connection.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(SilentConnection.Look, silent);
        CancellationToken stopping =
            connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        try
        {
            ReadResult said = await connection.Transport.Input.ReadAsync(stopping);
            connection.Transport.Input.AdvanceTo(said.Buffer.Start);
            return !said.Buffer.IsEmpty;
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            return false;
        }
        finally
        {
            silent.Spoke();
        }
    }

    /// <summary>Around TLS: tells of a handshake that came to nothing.</summary>
    public async Task RunAroundTlsAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        await next(connection);
        if (!connection.Items.ContainsKey(Shaken))
        {
            refused(ContentAnswer.Plain((connection.RemoteEndPoint as IPEndPoint)?.Address), "refused: no TLS handshake");
        }
    }

    /// <summary>Inside of TLS: the handshake is done.</summary>
    public static Task RunInTlsAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        connection.Items[Shaken] = Shaken;
        return next(connection);
    }

    /// <inheritdoc/>
    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (
            value.Key == BadRequest
            && value.Value is IFeatureCollection features
            && features.Get<IBadRequestExceptionFeature>()?.Error is { } error
        )
        {
            refused(ContentAnswer.Plain(features.Get<IHttpConnectionFeature>()?.RemoteIpAddress), $"refused: {error.Message}");
        }
    }

    /// <inheritdoc/>
    public void OnCompleted() { }

    /// <inheritdoc/>
    public void OnError(Exception error) { }

    /// <summary>Whether Kestrel's event is wanted.</summary>
    public static bool IsHeard(string name) => name == BadRequest;

    /// <summary>What counts as one: who has an IPv6 network has all of its addresses.</summary>
    internal static IPAddress Network(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }
        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(Ipv6NetworkBytes).Clear();
        return new IPAddress(bytes);
    }
}
