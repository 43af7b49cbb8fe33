using System.Text;
using Rootcast.Contract;
using Rootcast.Formats.Cpio;
using Rootcast.Formats.Tree;
using Rootcast.Images.Initramfs;

namespace Rootcast.Tests;

public sealed class InitramfsManifestTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>3cpio's manifest.rs has each type of entry on a line of its own; here as ours.</summary>
    [Fact]
    public async Task EachKindOfEntryComesOutOfItsLine()
    {
        _directory.Write("root/bin/tool", "tool's bytes");
        string archive = await BuildAsync(
            """
            # A comment, and an empty line.

            dir    1777 0 0 /tmp
            file   4755 0 1000 /usr/bin/tool /bin/tool   # a tool < /init
            file   0600 0 0 /etc/text @text "two\nlines \x01 \"quoted\" \\ ünïcode"
            file   0755 0 0 /init @init
            link   0777 0 0 /bin usr/bin
            char   0600 0 0 /dev/console 5 1
            block  0660 0 6 /dev/vda 254 0
            fifo   0644 0 0 /run/fifo
            socket 0644 0 0 /run/socket
            file   0644 0 0 "/odd \n\xff name" @text ""
            """
        );
        Dictionary<string, TreeEntry> entries = InitramfsContents
            .List(archive)
            .ToDictionary(listing => listing.Entry.Path.ToString(), listing => listing.Entry, StringComparer.Ordinal);
        Assert.Equal((NodeKind.Directory, 0x3FF), (entries["tmp"].Kind, entries["tmp"].Mode));
        Assert.Equal((0x9ED, 0u, 1000u), (entries["usr/bin/tool"].Mode, entries["usr/bin/tool"].Uid, entries["usr/bin/tool"].Gid));
        Assert.Equal("usr/bin", entries["bin"].Target.ToString());
        Assert.Equal((NodeKind.CharacterDevice, 5u, 1u), DeviceOf(entries["dev/console"]));
        Assert.Equal((NodeKind.BlockDevice, 254u, 0u), DeviceOf(entries["dev/vda"]));
        Assert.Equal(NodeKind.Fifo, entries["run/fifo"].Kind);
        Assert.Equal(NodeKind.Socket, entries["run/socket"].Kind);
        Assert.Equal(0, entries["odd \\x0a\\xff name"].Size);
        // Directories on the way need no line.
        Assert.Equal(NodeKind.Directory, entries["usr/bin"].Kind);
        Judge.Needs("cpio");
        Assert.Equal("tool's bytes", Cat(archive, "usr/bin/tool"));
        Assert.Equal("two\nlines \u0001 \"quoted\" \\ ünïcode", Cat(archive, "etc/text"));
        Assert.Equal("init program", Cat(archive, "init"));
    }

    [Fact]
    public async Task WhatIsWrittenIsBuiltFromToTheSameBytes()
    {
        Images.Sources.KernelFiles kernel = FakeKernel.Write(_directory);
        string modules = _directory.File("root/lib/modules");
        Directory.CreateDirectory(modules);
        Directory.Move(kernel.ModulesDirectory, $"{modules}/{kernel.Version}");
        using InitramfsDraft draft = await InitramfsBuilder.DraftAsync(
            new InitramfsRequest
            {
                Init = FakeKernel.Init,
                Root = _directory.File("root"),
                Kernels = [kernel with { ModulesDirectory = $"{modules}/{kernel.Version}" }],
                Texts = [(new InitramfsReason("/etc/cmdline.d/10-root.conf", "the root", null), "root=UUID=1-2\n")],
                PackManifest = true,
            },
            TestContext.Current.CancellationToken
        );
        byte[] text = draft.Manifest.ToBytes();
        Assert.Contains("modules.dep @index  # index of the packed modules\n", Encoding.UTF8.GetString(text), StringComparison.Ordinal);
        InitramfsManifest read = InitramfsManifest.Parse(text, "manifest");
        Assert.Equal(text, read.ToBytes());
        Assert.Equal(draft.Reasons.ToBytes(), Reworded(read.Reasons));
        using InitramfsDraft again = read.Draft(FakeKernel.Init, _directory.File("root"), 0);
        Assert.Equal(Bytes(draft), Bytes(again));
        Assert.Equal(["virtio: depends", "virtio_ring: depends"], Chain(read.Reasons, "virtio").Take(2));

        // Directories have no reason of their own.
        static byte[] Reworded(InitramfsReasons reasons)
        {
            InitramfsReasons own = new();
            foreach (InitramfsReason reason in reasons.All.Where(reason => reason.Because.Length > 0))
            {
                own.Add(reason);
            }
            return own.ToBytes();
        }
    }

    [Theory]
    [InlineData("dir 0755 0 0", "line 1: it has less than type, mode, owner, group and path")]
    [InlineData("\n\ndirectory 0755 0 0 /x", "line 3: 'directory' is no type")]
    [InlineData("dir 0855 0 0 /x", "line 1: '0855' is no mode")]
    [InlineData("dir 0755 -1 0 /x", "line 1: '-1' is no owner")]
    [InlineData("dir 0755 0 0 x", "line 1: 'x' is no absolute path")]
    [InlineData("dir 0755 0 0 /a/../x", "line 1: '/a/../x' is no absolute path")]
    [InlineData("dir 0755 0 0 /x /y", "line 1: a dir has nothing behind its path")]
    [InlineData("dir 0755 0 0 /x\ndir 0755 0 0 //x/", "line 2: /x stands on line 1 already")]
    [InlineData("file 0755 0 0 /x @nothing", "line 1: '@nothing' is none of")]
    [InlineData("file 0755 0 0 /x relative", "line 1: 'relative' is no absolute path")]
    [InlineData("file 0755 0 0 /x", "line 1: behind the path stands a file")]
    [InlineData("file 0755 0 0 /x @text \"open", "line 1: a quote does not end")]
    [InlineData("file 0755 0 0 /x @text \"\\q\"", "line 1: a backslash is followed by none of")]
    [InlineData("file 0755 0 0 /x\"y /z", "line 1: '/x\"y' has a quote")]
    [InlineData("char 0600 0 0 /x 5", "line 1: a device has major and minor")]
    [InlineData("link 0777 0 0 /x", "line 1: behind the path stands a target")]
    public void WhatIsWrongIsToldWithItsLine(string text, string told)
    {
        UserError error = Assert.Throws<UserError>(() => InitramfsManifest.Parse(Encoding.UTF8.GetBytes(text), "box.manifest"));
        Assert.StartsWith($"box.manifest, {told}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatIsNotThereIsNamed()
    {
        Directory.CreateDirectory(_directory.File("root"));
        InitramfsManifest manifest = InitramfsManifest.Parse("file 0755 0 0 /x /gone"u8.ToArray(), "m");
        UserError error = Assert.Throws<UserError>(() => manifest.Draft(FakeKernel.Init, _directory.File("root"), 0));
        Assert.Contains("/gone", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnyBytesAreReadOrRefused()
    {
        byte[] sample = Encoding.UTF8.GetBytes(
            "dir 0755 0 0 /usr/lib # skeleton\nfile 0600 0 0 \"/etc/\\xfft\" @text \"a\\n\\\"b\\\\\"\nchar 0600 0 0 /dev/console 5 1\n"
                + "file 0755 0 0 /init @init # what the kernel runs first < /x\nlink 0777 0 0 /bin usr/bin\n"
        );
        Fuzzing.Mutate(
            3000,
            sample,
            bytes =>
            {
                try
                {
                    InitramfsManifest read = InitramfsManifest.Parse(bytes, "fuzzed");
                    byte[] once = read.ToBytes();
                    // What is understood is written so that it is understood in the same way.
                    Assert.Equal(once, InitramfsManifest.Parse(once, "again").ToBytes());
                }
                catch (UserError e)
                {
                    throw new InvalidDataException(e.Message, e);
                }
            }
        );
    }

    private static (NodeKind, uint, uint) DeviceOf(TreeEntry entry) => (entry.Kind, entry.DeviceMajor, entry.DeviceMinor);

    private static byte[] Bytes(InitramfsDraft draft)
    {
        using MemoryStream archive = new();
        draft.Write(archive, TestContext.Current.CancellationToken);
        return archive.ToArray();
    }

    private static IEnumerable<string> Chain(InitramfsReasons reasons, string name) =>
        reasons.Why(name)[0].Select(reason => $"{Path.GetFileNameWithoutExtension(reason.Path)}: {reason.Because}");

    private static string Cat(string archive, string name) => Judge.Run("cpio", ["-i", "--quiet", "--to-stdout", name], archive);

    private async Task<string> BuildAsync(string manifest)
    {
        using InitramfsDraft draft = InitramfsManifest
            .Parse(Encoding.UTF8.GetBytes(manifest), "manifest")
            .Draft(FakeKernel.Init, _directory.File("root"), 0);
        string path = _directory.File("archive");
        await InitramfsCompressor.WriteAsync(draft, InitrdCompression.None, path, TestContext.Current.CancellationToken);
        return path;
    }
}
