using Rootcast.Init.Forms;
using Rootcast.Init.Overlays;

namespace Rootcast.Tests;

public sealed class ForeignImagesTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    [Theory]
    [InlineData("auto", "LiveOS/squashfs.img", "LiveOS/squashfs.img")]
    [InlineData("auto", "LiveOS/rootfs.img", "LiveOS/rootfs.img")]
    [InlineData("auto", "live/filesystem.squashfs", "live/filesystem.squashfs")]
    [InlineData("images/squashfs.img", "images/squashfs.img", "images/squashfs.img")]
    [InlineData("images/squashfs.img", "images/rootfs.img", "images/rootfs.img")]
    [InlineData("images/squashfs.img", "LiveOS/squashfs.img", "")]
    [InlineData("live/*.squashfs", "live/b.squashfs,live/a.squashfs,live/c.iso", "live/a.squashfs,live/b.squashfs")]
    [InlineData("*.squashfs", "a.squashfs", "a.squashfs")]
    [InlineData("auto", "readme", "")]
    public void AnImageIsFoundWhereOthersLayIt(string inside, string files, string expected)
    {
        foreach (string file in files.Split(','))
        {
            string path = Path.Combine(directory.Path, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "x");
        }
        Assert.Equal(
            expected.Split(',', StringSplitOptions.RemoveEmptyEntries),
            ForeignImages.Find(directory.Path, inside).Select(path => Path.GetRelativePath(directory.Path, path))
        );
    }

    [Theory]
    [InlineData("/ union\n", true, 0)]
    [InlineData("# all of it\n\n  /\tunion,source=.\n", true, 0)]
    [InlineData("/home bind\n/ union", true, 1)]
    [InlineData("/home", false, 2)]
    [InlineData(null, false, 1)]
    [InlineData("/ bind", false, 2)]
    public void APersistenceConfigurationKeepsTheWholeRootOrNothing(string? text, bool whole, int problems)
    {
        List<string> said = [];
        Assert.Equal(whole, PersistencePartition.WantsWholeRoot(text, said.Add));
        Assert.Equal(problems, said.Count);
    }

    public void Dispose() => directory.Dispose();
}
