using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Rootcast.Formats.Snapshots;

namespace Rootcast.Tests;

public sealed class SnapshotStoreTests
{
    private static readonly string Digest = "sha256:" + new string('a', 64);

    [Fact]
    public void An_empty_store_is_what_the_kernel_calls_one()
    {
        byte[] head = SnapshotStore.WriteEmpty(Digest);
        Assert.Equal("SnAp"u8.ToArray(), head[..4]);
        Assert.Equal([1, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0], head[4..16]);
        Assert.False(head.AsSpan(4096).ContainsAnyExcept((byte)0), "the first table has exceptions");
    }

    [Fact]
    public void It_is_read_back_with_the_image_that_it_belongs_to()
    {
        Assert.Equal(new SnapshotStore(true, 4096, Digest), SnapshotStore.Read(SnapshotStore.WriteEmpty(Digest)));
        Assert.Equal(new SnapshotStore(true, 4096, null), SnapshotStore.Read(SnapshotStore.WriteEmpty(null)));
    }

    [Fact]
    public void A_store_that_the_kernel_gave_up_is_told()
    {
        byte[] head = SnapshotStore.WriteEmpty(Digest);
        head[4] = 0;
        Assert.False(SnapshotStore.Read(head)!.IsValid);
    }

    [Theory]
    [InlineData(8, 2u)]
    [InlineData(12, 0u)]
    [InlineData(12, 9u)]
    [InlineData(12, 0x80000000u)]
    public void What_we_could_not_use_is_refused(int at, uint value)
    {
        byte[] head = SnapshotStore.WriteEmpty(Digest);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(at), value);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => SnapshotStore.Read(head));
        Assert.Contains($"at byte {at}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_bytes_are_no_store()
    {
        Assert.Null(SnapshotStore.Read(new byte[SnapshotStore.HeadBytes]));
        Assert.Null(SnapshotStore.Read(SnapshotStore.WriteEmpty(null).AsSpan(0, SnapshotStore.HeadBytes - 1)));
    }

    [Fact]
    public void Any_bytes_are_read_or_refused() =>
        Prop.ForAll(
                ArbMap.Default.ArbFor<(int At, byte Value)[]>(),
                changes =>
                {
                    byte[] head = SnapshotStore.WriteEmpty(Digest);
                    foreach ((int at, byte value) in changes)
                    {
                        head[(int)((uint)at % head.Length)] = value;
                    }
                    try
                    {
                        SnapshotStore.Read(head);
                    }
                    catch (InvalidDataException)
                    {
                        // The only refusal that is allowed.
                    }
                }
            )
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1, 4)]
    [InlineData(4096, 4)]
    [InlineData(4096L * 256, 260)]
    [InlineData(4096L * 1000, 1006)]
    public void A_store_for_everything_has_room_for_its_tables_too(long origin, long chunks) =>
        Assert.Equal(chunks * 4096, SnapshotStore.BytesForAll(origin));
}
