using Rootcast.Contract;
using Rootcast.Formats.Tar;
using Rootcast.Formats.Tree;
using Rootcast.Images.Forms;
using Rootcast.Images.Trees;

namespace Rootcast.Tests;

public sealed class ZramFileSystemTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("ext4", "e2fsck", "-fn")]
    [InlineData("btrfs", "btrfs", "check", "--readonly")]
    public async Task AnEmptyFileSystemIsItsBlocksThatAreNotZero(string type, string judge, params string[] arguments)
    {
        Judge.Needs(judge);
        CastOptions options = new()
        {
            Zram = new() { FileSystem = type, Bytes = 512 << 20 },
        };
        Judge.Needs(ZramFileSystem.ToolFor(options.Zram));
        TreeArchive tree = OddTree.Write(_directory.File("tree.tar"));
        TreeFacts facts = TreeFacts.Read(tree.TarPath, TestContext.Current.CancellationToken);
        byte[] archive = await ZramFileSystem.MakeAsync(options, facts, _directory.Path, TestContext.Current.CancellationToken);
        Assert.True(archive.Length < 2 << 20, $"{archive.Length} bytes");

        TarReader reader = new(new MemoryStream(archive));
        TreeEntry entry = reader.Next()!;
        Assert.Equal((type, 512L << 20), (entry.Path.ToString(), entry.Size));
        string image = _directory.File("image");
        using (FileStream file = File.Create(image))
        {
            file.SetLength(entry.Size);
            while (reader.ReadData(out long offset, out ReadOnlySpan<byte> bytes))
            {
                file.Position = offset;
                file.Write(bytes);
            }
        }
        Judge.Run(judge, [.. arguments, image]);
        if (type == "ext4")
        {
            Assert.Equal(archive, await ZramFileSystem.MakeAsync(options, facts, _directory.Path, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task ATreeThatDoesNotFitIsRefusedWithTheSizeThatDoes()
    {
        TreeFacts facts = TreeFacts.Read(OddTree.Write(_directory.File("tree.tar")).TarPath, TestContext.Current.CancellationToken);
        CastOptions options = new() { Zram = new() { Bytes = 4096 } };
        UserError error = await Assert.ThrowsAsync<UserError>(() =>
            ZramFileSystem.MakeAsync(options, facts, _directory.Path, TestContext.Current.CancellationToken)
        );
        Assert.Contains("zram of 4096 bytes", error.Message, StringComparison.Ordinal);
    }
}
