using System.Security.Cryptography;
using Rootcast.Linux.Libraries;

namespace Rootcast.Tests;

public sealed class Sha256DigestTests
{
    [Fact]
    public void It_is_the_digest_of_all_pieces_and_begins_anew()
    {
        byte[] data = SampleTree.Bytes(100_000);
        using Sha256Digest digest = new();
        for (int round = 0; round < 2; round++)
        {
            digest.Append(data.AsSpan(0, 1));
            digest.Append(data.AsSpan(1, 63));
            digest.Append(data.AsSpan(64));
            Assert.Equal("sha256:" + Convert.ToHexStringLower(SHA256.HashData(data)), digest.Finish());
        }
    }
}
