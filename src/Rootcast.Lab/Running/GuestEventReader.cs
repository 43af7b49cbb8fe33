using System.Text;
using System.Threading.Channels;
using Rootcast.Contract;

namespace Rootcast.Lab.Running;

/// <summary>Splits what a guest writes to its event port into <see cref="GuestEvent"/>s. A guest may write anything: a line is cut at
/// <see cref="GuestEvent.LongestLine"/> bytes, bytes that are not UTF-8 become U+FFFD, and a full channel makes the guest wait.</summary>
public static class GuestEventReader
{
    /// <summary>Reads to the end of the stream; a last line without its newline counts.</summary>
    public static async Task ReadAsync(Stream stream, ChannelWriter<MachineEvent> events, CancellationToken cancellation)
    {
        byte[] line = new byte[GuestEvent.LongestLine];
        int length = 0;
        byte[] buffer = new byte[8192];
        int read;
        while ((read = await ReadSomeAsync(stream, buffer, cancellation)) > 0)
        {
            int at = 0;
            while (at < read)
            {
                int newline = buffer.AsSpan(at, read - at).IndexOf((byte)'\n');
                int take = newline < 0 ? read - at : newline;
                int fits = Math.Min(take, line.Length - length);
                buffer.AsSpan(at, fits).CopyTo(line.AsSpan(length));
                length += fits;
                at += take;
                if (newline >= 0)
                {
                    at++;
                    await WriteAsync();
                }
            }
        }
        await WriteAsync();

        async Task WriteAsync()
        {
            if (length > 0)
            {
                GuestEvent said = GuestEvent.Parse(Encoding.UTF8.GetString(line, 0, length).TrimEnd('\r'));
                length = 0;
                await events.WriteAsync(new MachineEvent(MachineEventKind.Said, said), cancellation);
            }
        }
    }

    private static async Task<int> ReadSomeAsync(Stream stream, byte[] buffer, CancellationToken cancellation)
    {
        try
        {
            return await stream.ReadAsync(buffer, cancellation);
        }
        catch (IOException)
        {
            // QEMU was killed with bytes under way: the connection is reset, which is an end like any other.
            return 0;
        }
    }
}
