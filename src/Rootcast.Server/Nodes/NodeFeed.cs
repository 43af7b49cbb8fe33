using System.Threading.Channels;

namespace Rootcast.Server.Nodes;

/// <summary>Tells whoever listens in this process what has changed. Nobody is waited for: who reads too slowly misses the oldest.</summary>
public sealed class NodeFeed
{
    private const int MostWaiting = 1024;
    private readonly Lock gate = new();
    private readonly List<Channel<NodeChange>> listeners = [];

    /// <summary>Every change from now on, until the caller stops.</summary>
    public async IAsyncEnumerable<NodeChange> ListenAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation
    )
    {
        Channel<NodeChange> channel = Channel.CreateBounded<NodeChange>(
            new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest }
        );
        lock (gate)
        {
            listeners.Add(channel);
        }
        try
        {
            await foreach (NodeChange change in channel.Reader.ReadAllAsync(cancellation))
            {
                yield return change;
            }
        }
        finally
        {
            lock (gate)
            {
                listeners.Remove(channel);
            }
        }
    }

    /// <summary>Tells of a change.</summary>
    public void Tell(NodeChange change)
    {
        lock (gate)
        {
            listeners.ForEach(listener => listener.Writer.TryWrite(change));
        }
    }
}
