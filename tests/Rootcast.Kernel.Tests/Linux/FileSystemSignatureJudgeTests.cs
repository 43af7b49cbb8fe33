using Rootcast.Linux.Block;

namespace Rootcast.Tests;

/// <summary>What we read from real file systems against what blkid reads.</summary>
public sealed class FileSystemSignatureJudgeTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("rootcast-signature").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [InlineData("mkfs.ext4", "-q -L alabel FILE", "16M")]
    [InlineData("mkfs.ext4", "-q -O 64bit FILE", "16M")]
    [InlineData("mkfs.xfs", "-q -L alabel FILE", "300M")]
    [InlineData("mkfs.btrfs", "-q -L alabel FILE", "128M")]
    [InlineData("mkfs.vfat", "-F 32 -n ALABEL FILE", "64M")]
    [InlineData("mkfs.vfat", "-F 16 -n ALABEL FILE", "16M")]
    [InlineData("mkfs.vfat", "FILE", "16M")]
    [InlineData("mkfs.erofs", "FILE DIRECTORY", "0")]
    [InlineData("mksquashfs", "DIRECTORY FILE -quiet -no-progress -noappend", "0")]
    [InlineData("xorriso", "-as mkisofs -V ALABEL -o FILE DIRECTORY", "0")]
    public void It_reads_what_blkid_reads(string program, string arguments, string size)
    {
        Host.Needs(program);
        Host.Needs("blkid");
        string tree = Path.Combine(directory, "tree");
        Directory.CreateDirectory(tree);
        File.WriteAllText(Path.Combine(tree, "file"), "data");
        string file = Path.Combine(directory, "image");
        if (size != "0")
        {
            Host.Run("truncate", "-s", size, file);
        }
        Host.Run(program, [.. arguments.Split(' ').Select(word => word.Replace("FILE", file).Replace("DIRECTORY", tree))]);

        byte[] bytes = new byte[FileSystemSignature.BytesNeeded];
        using FileStream image = File.OpenRead(file);
        int got = image.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        FileSystemSignature signature = FileSystemSignature.Read(bytes.AsSpan(0, got))!;

        Assert.Equal(Blkid(file, "TYPE"), signature.Type);
        Assert.Equal(Blkid(file, "LABEL"), signature.Label);
        Assert.Equal(Blkid(file, "UUID"), signature.Uuid);
        Assert.True(signature.Bytes <= image.Length, $"{signature.Bytes} in a file of {image.Length}");
    }

    private static string? Blkid(string file, string tag)
    {
        string[] lines = Host.Run("blkid", "-p", "-o", "export", file).Split('\n');
        return lines.FirstOrDefault(line => line.StartsWith($"{tag}=", StringComparison.Ordinal))?[(tag.Length + 1)..];
    }
}
