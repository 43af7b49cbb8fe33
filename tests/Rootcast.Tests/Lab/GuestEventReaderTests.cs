using System.Text;
using System.Threading.Channels;
using FsCheck;
using FsCheck.Fluent;
using Rootcast.Contract;
using Rootcast.Lab.Running;

namespace Rootcast.Tests;

public class GuestEventReaderTests
{
    [Fact]
    public async Task LinesBecomeEventsHoweverTheyAreCut()
    {
        List<GuestEvent> whole = await Read("mark init-start 5\nmemory MemTotal: 7 kB\r\ndone"u8.ToArray(), piece: 1000);
        List<GuestEvent> cut = await Read("mark init-start 5\nmemory MemTotal: 7 kB\r\ndone"u8.ToArray(), piece: 1);
        Assert.Equal([new("mark", "init-start 5"), new("memory", "MemTotal: 7 kB"), new("done", "")], whole);
        Assert.Equal(whole, cut);
    }

    [Fact]
    public async Task ALineThatNeverEndsIsCutAtTheBound()
    {
        byte[] endless = Encoding.ASCII.GetBytes("x " + new string('y', 1_000_000) + "\nnext\n");
        List<GuestEvent> events = await Read(endless, piece: 5000);
        Assert.Equal(2, events.Count);
        Assert.Equal(GuestEvent.LongestLine - 2, events[0].Text.Length);
        Assert.Equal("next", events[1].Kind);
    }

    [Fact]
    public void NoBytesBreakIt() =>
        Prop.ForAll(
                Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf().ToArbitrary(),
                bytes =>
                {
                    List<GuestEvent> events = Read(bytes, piece: 7).GetAwaiter().GetResult();
                    return events.Count <= bytes.Count(value => value == (byte)'\n') + 1;
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    private static async Task<List<GuestEvent>> Read(byte[] bytes, int piece)
    {
        Channel<MachineEvent> events = Channel.CreateUnbounded<MachineEvent>();
        await GuestEventReader.ReadAsync(new Pieces(bytes, piece), events.Writer, CancellationToken.None);
        events.Writer.Complete();
        return await events.Reader.ReadAllAsync().Select(happened => happened.Said).ToListAsync();
    }

    /// <summary>A stream that gives so many bytes a read.</summary>
    private sealed class Pieces(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
