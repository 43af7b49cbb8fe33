using Rootcast.Contract;
using Rootcast.Init.Carriers;
using Rootcast.Linux.Libraries;

namespace Rootcast.Tests;

public sealed class VerifyingStreamTests
{
    private static readonly byte[] Data = SampleTree.Bytes(200_000);

    [Fact]
    public void The_right_bytes_pass_and_end_once()
    {
        int ends = 0;
        using VerifyingStream stream = new(new MemoryStream(Data), "x", Data.Length, Identity(), () => ends++);
        using MemoryStream all = new();
        stream.CopyTo(all);
        Assert.Equal(Data, all.ToArray());
        Assert.Equal(0, stream.Read(new byte[1], 0, 1));
        Assert.Equal(1, ends);
    }

    [Fact]
    public void One_byte_short_is_refused() => Refuses(Data[..^1], "1 are missing");

    [Fact]
    public void One_flipped_bit_is_refused()
    {
        byte[] flipped = [.. Data];
        flipped[100_000] ^= 0x10;
        Refuses(flipped, "is damaged");
    }

    [Fact]
    public void What_follows_on_the_device_is_not_read()
    {
        using VerifyingStream stream = new(new MemoryStream([.. Data, 0, 0, 0]), "x", Data.Length, Identity());
        using MemoryStream all = new();
        stream.CopyTo(all);
        Assert.Equal(Data.Length, all.Length);
    }

    private static void Refuses(byte[] bytes, string reason)
    {
        using VerifyingStream stream = new(new MemoryStream(bytes), "x", Data.Length, Identity());
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => VerifyingStream.ReadToEnd(stream));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private static ArtefactIdentity Identity()
    {
        using Sha256Digest digest = new();
        digest.Append(Data);
        return new ArtefactIdentity(digest.Finish(), Data.Length, 0);
    }
}
