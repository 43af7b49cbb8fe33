namespace Rootcast.Linux.Network;

/// <summary>Bytes to and from one peer, in order: TCP as it is, or TLS over it. Everything waits with a bound.</summary>
public interface IByteConnection : IDisposable
{
    /// <summary>Waits for bytes and reads what is there.</summary>
    /// <param name="buffer">Where they go.</param>
    /// <param name="timeout">How long the peer may be silent.</param>
    /// <returns>How many came; 0 when the peer has closed.</returns>
    int Read(Span<byte> buffer, TimeSpan timeout);

    /// <summary>Writes all.</summary>
    /// <param name="bytes">For UDP: one datagram.</param>
    /// <param name="timeout">How long the peer may take nothing.</param>
    void Write(ReadOnlySpan<byte> bytes, TimeSpan timeout);
}
