using System.Buffers.Binary;
using Rootcast.Linux.Block;

namespace Rootcast.Tests;

public class PartitionUuidTests
{
    private static readonly Guid Uuid = new("01234567-89ab-cdef-0123-456789abcdef");

    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    public void OfAGptItIsTheEntrysOwn(int sector)
    {
        byte[] disk = Gpt(sector);
        Assert.Equal(Uuid.ToString(), PartitionUuid.Read(disk, sector, 3));
        Assert.Null(PartitionUuid.Read(disk, sector, 2));
        Assert.Null(PartitionUuid.Read(disk, sector, 1024));
    }

    [Fact]
    public void OfAnMbrItIsTheDisksSignatureAndTheNumber()
    {
        byte[] disk = new byte[4096];
        BinaryPrimitives.WriteUInt32LittleEndian(disk.AsSpan(440), 0xDEADBEEF);
        Assert.Null(PartitionUuid.Read(disk, 512, 1));
        (disk[510], disk[511]) = (0x55, 0xAA);
        Assert.Equal("deadbeef-0a", PartitionUuid.Read(disk, 512, 10));
    }

    [Fact]
    public void AnyBytesAreRead() => Fuzzing.Mutate(20_000, Gpt(512)[..4096], bytes => PartitionUuid.Read(bytes, 512, 3));

    private static byte[] Gpt(int sector)
    {
        byte[] disk = new byte[PartitionUuid.BytesNeeded];
        "EFI PART"u8.CopyTo(disk.AsSpan(sector));
        BinaryPrimitives.WriteUInt64LittleEndian(disk.AsSpan(sector + 72), 2);
        BinaryPrimitives.WriteUInt32LittleEndian(disk.AsSpan(sector + 84), 128);
        Span<byte> entry = disk.AsSpan((2 * sector) + 256);
        entry[..16].Fill(1);
        Uuid.TryWriteBytes(entry[16..]);
        return disk;
    }
}
