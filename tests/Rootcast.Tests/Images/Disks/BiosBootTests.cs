using System.Buffers.Binary;
using Rootcast.Images.Disks;

namespace Rootcast.Tests;

public class BiosBootTests
{
    [Fact]
    public void BothPartsAreToldWhereTheCoreIs()
    {
        byte[] boot = new byte[512];
        (boot[510], boot[511]) = (0x55, 0xAA);
        byte[] core = new byte[1537];
        BiosBoot.Settle(boot, core, 2048);
        Assert.Equal(2048, BinaryPrimitives.ReadInt64LittleEndian(boot.AsSpan(0x5C)));
        Assert.Equal(2049, BinaryPrimitives.ReadInt64LittleEndian(core.AsSpan(500)));
        // Three sectors behind the first, the last of them begun.
        Assert.Equal(3, BinaryPrimitives.ReadUInt16LittleEndian(core.AsSpan(508)));
        Assert.Throws<InvalidDataException>(() => BiosBoot.Settle(new byte[512], core, 1));
    }
}
