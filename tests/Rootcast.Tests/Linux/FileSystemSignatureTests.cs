using Rootcast.Linux.Block;

namespace Rootcast.Tests;

public sealed class FileSystemSignatureTests
{
    [Fact]
    public void Any_bytes_are_read_without_a_crash()
    {
        string[] magics = ["hsqs", "XFSB", "_BHRfS_M", "\u0001CD001", "FAT32   ", "FAT16   ", "LUKS\u00ba\u00be"];
        int[] places = [0, 0, 65536 + 64, 32768, 82, 54, 0];
        Random random = new(1);
        for (int i = 0; i < 2000; i++)
        {
            byte[] bytes = new byte[random.Next(FileSystemSignature.BytesNeeded)];
            random.NextBytes(bytes.AsSpan(0, Math.Min(bytes.Length, 4096)));
            int kind = random.Next(magics.Length);
            byte[] magic = System.Text.Encoding.Latin1.GetBytes(magics[kind]);
            if (bytes.Length >= places[kind] + magic.Length)
            {
                magic.CopyTo(bytes, places[kind]);
            }
            FileSystemSignature? signature = FileSystemSignature.Read(bytes);
            Assert.True(signature is null || signature.Type.Length > 0);
        }
    }

    [Fact]
    public void Nothing_known_is_nothing() => Assert.Null(FileSystemSignature.Read(new byte[FileSystemSignature.BytesNeeded]));

    [Fact]
    public void A_squashfs_says_how_long_it_is()
    {
        byte[] super = new byte[96];
        "hsqs"u8.CopyTo(super);
        BitConverter.TryWriteBytes(super.AsSpan(40), 113_266_688L);
        Assert.Equal(new FileSystemSignature("squashfs", null, null, 113_266_688), FileSystemSignature.Read(super));
    }
}
