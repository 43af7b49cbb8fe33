using Rootcast.Contract;
using Rootcast.Init.Carriers;
using Rootcast.Init.Forms;
using Rootcast.Linux.Libraries;

namespace Rootcast.Tests;

public sealed class ArtefactContentTests
{
    private static readonly byte[] Data = SampleTree.Bytes(3_000_000);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Content_is_the_same_compressed_or_not(bool compressed)
    {
        byte[] artefact = compressed ? Compress(Data) : Data;
        using MemoryStream all = new();
        ArtefactContent.Use(new MemoryStream(artefact), content => content.CopyTo(all));
        Assert.Equal(Data, all.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_tiny_artefact_is_itself(int length)
    {
        using MemoryStream all = new();
        ArtefactContent.Use(new MemoryStream(Data[..length]), content => content.CopyTo(all));
        Assert.Equal(Data[..length], all.ToArray());
    }

    [Fact]
    public void Damage_is_told_as_a_wrong_digest_rather_than_by_the_decompressor()
    {
        byte[] artefact = Compress(Data);
        using Sha256Digest digest = new();
        digest.Append(artefact);
        ArtefactIdentity identity = new(digest.Finish(), artefact.Length, 0);
        artefact[1_000_000] ^= 1;
        using VerifyingStream stream = new(new MemoryStream(artefact), "/dev/vda", artefact.Length, identity);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() =>
            ArtefactContent.Use(stream, content => content.CopyTo(Stream.Null))
        );
        Assert.StartsWith("/dev/vda is damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_artefact_is_read_to_its_end_even_when_the_content_is_not_wanted()
    {
        using MemoryStream artefact = new(Data);
        ArtefactContent.Use(artefact, content => content.ReadByte());
        Assert.Equal(Data.Length, artefact.Position);
    }

    [Fact]
    public void A_user_who_fails_stops_the_reading_ahead()
    {
        using MemoryStream artefact = new(Data);
        Assert.Throws<UserError>(() => ArtefactContent.Use(artefact, _ => throw new UserError("full", "more")));
    }

    private static byte[] Compress(byte[] data)
    {
        using MemoryStream sink = new();
        using (ZstdCompressStream stream = new(sink, 1, leaveOpen: true))
        {
            stream.Write(data);
        }
        return sink.ToArray();
    }
}
