using System.Text;
using Rootcast.Formats.Cpio;
using Rootcast.Images.Initramfs;
using Rootcast.Images.Sources;

namespace Rootcast.Tests;

public sealed class InitramfsDifferenceTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(InitrdCompression.None)]
    [InlineData(InitrdCompression.Zstd)]
    public async Task EachKindOfDifferenceIsTold(InitrdCompression compression)
    {
        string first = await BuildAsync(
            "first",
            InitrdCompression.None,
            "file 0644 0 0 /same @text \"s\"\nfile 0644 0 0 /gone @text \"\"\nfile 0644 0 0 /bytes @text \"a\"\nfile 0644 0 0 /size @text \"a\"\n"
                + "file 0644 0 0 /mode @text \"\"\nlink 0777 0 0 /link a\nchar 0600 0 0 /dev/x 1 2\n"
        );
        string second = await BuildAsync(
            "second",
            compression,
            "file 0644 0 0 /same @text \"s\"\nfile 0644 0 0 /new @text \"\"\nfile 0644 0 0 /bytes @text \"b\"\nfile 0644 0 0 /size @text \"ab\"\n"
                + "file 0755 0 7 /mode @text \"\"\nlink 0777 0 0 /link b\nchar 0600 0 0 /dev/x 1 3\n"
        );
        Assert.Equal(
            [
                "~ /bytes: contents",
                "~ /dev/x: device 1:2 -> 1:3",
                "- /gone",
                "~ /link: target a -> b",
                "~ /mode: mode 644 -> 755, owner 0:0 -> 0:7",
                "+ /new",
                "~ /size: size 1 -> 2",
            ],
            Between(first, second)
        );
        Assert.Empty(Between(second, second));
    }

    /// <summary>One archive has two names of a file, the other two files.</summary>
    [Fact]
    public async Task ANameOfAFileIsComparedByItsContents()
    {
        _directory.Write("root/one", "data");
        Judge.Run("ln", [_directory.File("root/one"), _directory.File("root/two")]);
        string linked = await BuildAsync("linked", InitrdCompression.None, "file 0644 0 0 /one /one\nfile 0644 0 0 /two /two\n");
        string plain = await BuildAsync(
            "plain",
            InitrdCompression.None,
            "file 0644 0 0 /one @text \"data\"\nfile 0644 0 0 /two @text \"other\"\n"
        );
        Assert.True(new FileInfo(linked).Length > 0);
        Assert.Equal(["~ /two: size 4 -> 5"], Between(linked, plain));
    }

    [Fact]
    public void WhatAMachineUsesAndAnImageLacksIsTold()
    {
        KernelFiles kernel = FakeKernel.Write(_directory);
        HostNeeds needs = new()
        {
            RootArguments = "",
            Description = "",
            Modules = [("ext4", "the file system of the root"), ("squashfs", "not loaded, so not used")],
            Modaliases = ["pci:v00001AF4d00001000sv0sd0bc02sc00i00", "pci:v00001234d0sv0sd0bc02sc00i00"],
            Programs = [new InitramfsReason("/usr/sbin/lvm", "the root is on LVM (vg-root)", null)],
        };
        string prefix = "/usr/lib/modules/6.1-test/kernel/";
        Predicate<string> isLoaded = name => name is "ext4" or "virtio_pci";
        Assert.Equal(
            [
                "module ext4: the file system of the root",
                "module virtio_ring: virtio_pci depends on it",
                "program lvm: the root is on LVM (vg-root)",
            ],
            HostCheck.Lacks(
                needs,
                [prefix + "drivers/virtio/virtio_pci.ko.zst", prefix + "drivers/virtio/virtio.ko"],
                kernel.Version,
                kernel.ModulesDirectory,
                isLoaded
            )
        );
        Assert.Empty(
            HostCheck.Lacks(
                needs,
                [
                    prefix + "drivers/virtio/virtio_pci.ko",
                    prefix + "drivers/virtio/virtio_ring.ko",
                    prefix + "drivers/virtio/virtio.ko",
                    prefix + "fs/ext4/ext4.ko.xz",
                    prefix + "fs/jbd2/jbd2.ko",
                    "/sbin/lvm",
                ],
                kernel.Version,
                kernel.ModulesDirectory,
                isLoaded
            )
        );
    }

    private static IEnumerable<string> Between(string first, string second) =>
        InitramfsDifference
            .Between(
                InitramfsContents.Facts(first, TestContext.Current.CancellationToken),
                InitramfsContents.Facts(second, TestContext.Current.CancellationToken)
            )
            .Select(difference => difference.ToString());

    private async Task<string> BuildAsync(string name, InitrdCompression compression, string manifest)
    {
        Directory.CreateDirectory(_directory.File("root"));
        using InitramfsDraft draft = InitramfsManifest
            .Parse(Encoding.UTF8.GetBytes(manifest), "manifest")
            .Draft(FakeKernel.Init, _directory.File("root"), 0);
        string path = _directory.File(name);
        await InitramfsCompressor.WriteAsync(draft, compression, path, TestContext.Current.CancellationToken);
        return path;
    }
}
