using Rootcast.Contract;
using Rootcast.Formats;
using Rootcast.Formats.Cpio;
using Rootcast.Formats.Tree;
using Rootcast.Images.Initramfs;
using Rootcast.Images.Initrds;
using Rootcast.Images.Sources;

namespace Rootcast.Tests;

public sealed class InitramfsContentsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(InitrdCompression.None, null)]
    [InlineData(InitrdCompression.Gzip, null)]
    [InlineData(InitrdCompression.Zstd, null)]
    [InlineData(InitrdCompression.Xz, "xz")]
    [InlineData(InitrdCompression.Lz4Legacy, "lz4")]
    public async Task Every_compression_is_read_back_with_the_segments_behind_it(InitrdCompression compression, string? program)
    {
        if (program is not null)
        {
            Judge.Needs(program);
        }
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        KernelFiles kernel = FakeKernel.Write(_directory);
        InitramfsDraft draft = await InitramfsBuilder.DraftAsync(new() { Init = FakeKernel.Init, Kernels = [kernel] }, cancellation);
        string image = _directory.File("base.img");
        await InitramfsCompressor.WriteAsync(draft, compression, image, cancellation);
        string payload = _directory.Write("payload", new string('p', 100_000));
        string initrd = _directory.File("initrd.img");
        InitrdAssembler.Assemble(
            [
                PayloadSegment.Of(payload),
                PlanSegment.Of(new BootPlan { Form = Form.Squashfs }),
                InitrdSegment.OfFile(SegmentKind.Base, image),
            ],
            initrd,
            cancellation: cancellation
        );

        List<InitramfsListing> entries = [.. InitramfsContents.List(initrd)];
        Assert.Equal(compression, entries[0].Member.Compression);
        Assert.Equal(InitrdCompression.None, entries[^1].Member.Compression);
        Assert.Contains(entries, entry => entry.Entry.Path == UnixPath.From("init"));
        Assert.Equal("rootcast/payload", entries[^1].Entry.Path.ToString());

        string root = _directory.File("root");
        InitramfsContents.Extract(initrd, root, cancellation: cancellation);
        Assert.Equal("init program", File.ReadAllText(root + "/init"));
        Assert.Equal(100_000, new FileInfo(root + "/rootcast/payload").Length);
        Assert.StartsWith("rootcast.form=squashfs\n", File.ReadAllText(root + InitramfsPaths.Plan), StringComparison.Ordinal);
        Assert.Equal("fs/overlayfs/overlay.ko", File.ReadAllText(root + "/lib/modules/6.1-test/kernel/fs/overlayfs/overlay.ko"));
    }

    [Fact]
    public async Task Microcode_of_a_recipe_stands_before_the_compressed_archive()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        string update = _directory.File("06-01-01");
        File.WriteAllBytes(update, MicrocodeSamples.Intel(1));
        InitrdSegment microcode = await MicrocodeSegment.OfNamedAsync([update], cancellation);
        KernelFiles kernel = FakeKernel.Write(_directory);
        InitramfsDraft draft = await InitramfsBuilder.DraftAsync(new() { Init = FakeKernel.Init, Kernels = [kernel] }, cancellation);
        string image = _directory.File("base.img");
        await InitramfsCompressor.WriteAsync(draft, InitrdCompression.Zstd, image, cancellation, microcode.Head);
        Assert.Equal(MicrocodeSamples.Intel(1), EarlyCpio.Find(File.ReadAllBytes(image), "kernel/x86/microcode/GenuineIntel.bin")!);
        List<InitramfsListing> entries = [.. InitramfsContents.List(image)];
        Assert.Equal(InitrdCompression.None, entries[0].Member.Compression);
        InitramfsListing init = entries.Single(entry => entry.Entry.Path == UnixPath.From("init"));
        Assert.Equal(InitrdCompression.Zstd, init.Member.Compression);
        Assert.Equal(0, init.Member.Offset % InitrdAssembler.Alignment);
    }

    [Fact]
    public void Extracting_never_leaves_its_directory()
    {
        string victim = _directory.Write("outside/victim", "untouched");
        string root = _directory.File("root");
        Archive(
            Link("up", ".."),
            Link("out", _directory.File("outside")),
            Link("relative", "../outside"),
            Link("deep", "a/../../../outside"),
            Entry("up/victim"),
            Entry("out/victim"),
            Entry("relative/victim"),
            Entry("deep/victim"),
            Link("file", victim),
            Entry("file")
        );
        InitramfsContents.Extract(_directory.File("archive"), root, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal("untouched", File.ReadAllText(victim));
        Assert.Equal(
            ["archive", "outside", "root"],
            Directory.EnumerateFileSystemEntries(_directory.Path).Select(Path.GetFileName).Order()
        );
        Assert.Equal("data", File.ReadAllText(root + "/victim"));
        Assert.Equal("data", File.ReadAllText(root + "/outside/victim"));
        Assert.Equal("data", File.ReadAllText(root + _directory.File("outside/victim")));
        Assert.Equal("data", File.ReadAllText(root + "/file"));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/..")]
    public void A_name_that_ends_in_dots_is_refused(string name)
    {
        Archive(Entry(name));
        Assert.Throws<UserError>(() =>
            InitramfsContents.Extract(
                _directory.File("archive"),
                _directory.File("root"),
                cancellation: TestContext.Current.CancellationToken
            )
        );
    }

    [Fact]
    public void Links_that_go_round_are_refused()
    {
        Archive(Link("a", "b"), Link("b", "a"), Entry("a/x"));
        UserError error = Assert.Throws<UserError>(() =>
            InitramfsContents.Extract(
                _directory.File("archive"),
                _directory.File("root"),
                cancellation: TestContext.Current.CancellationToken
            )
        );
        Assert.Contains("round in circles", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_initrd_is_told()
    {
        string text = _directory.Write("text", "this is no archive at all");
        Assert.Contains(
            "no initrd",
            Assert.Throws<UserError>(() => InitramfsContents.List(text).Count()).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<UserError>(() => InitramfsContents.List(_directory.File("absent")).Count());
        Assert.Throws<UserError>(() =>
            InitramfsContents.Extract(text, _directory.Path, cancellation: TestContext.Current.CancellationToken)
        );
    }

    private static TreeEntry Link(string name, string target) => Node(name, NodeKind.Symlink) with { Target = UnixPath.From(target) };

    private static TreeEntry Entry(string name) => Node(name, NodeKind.File) with { Size = 4 };

    private static TreeEntry Node(string name, NodeKind kind) =>
        new()
        {
            Path = UnixPath.From(name),
            Kind = kind,
            Mode = 0x1A4,
        };

    private void Archive(params ReadOnlySpan<TreeEntry> entries)
    {
        using FileStream file = File.Create(_directory.File("archive"));
        CpioWriter writer = new(file);
        foreach (TreeEntry entry in entries)
        {
            if (entry.Kind == NodeKind.File)
            {
                writer.Write(entry, "data"u8);
            }
            else
            {
                writer.Write(entry);
            }
        }
        writer.Finish();
    }
}
