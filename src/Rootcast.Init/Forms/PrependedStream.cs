using Rootcast.Formats;

namespace Rootcast.Init.Forms;

/// <summary>Bytes that were read already, then the rest of the stream. Disposing it leaves the stream open.</summary>
/// <param name="first">What was read.</param>
/// <param name="rest">What follows.</param>
public sealed class PrependedStream(ReadOnlyMemory<byte> first, Stream rest) : ForwardStream
{
    private ReadOnlyMemory<byte> first = first;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (first.IsEmpty)
        {
            return rest.Read(buffer);
        }
        int count = Math.Min(buffer.Length, first.Length);
        first.Span[..count].CopyTo(buffer);
        first = first[count..];
        return count;
    }
}
