using Rootcast.Contract;
using Rootcast.Formats;
using Rootcast.Formats.Tar;
using Rootcast.Formats.Tree;
using Rootcast.Images.Progress;
using Rootcast.Images.Recipes;
using Rootcast.Images.Tools;
using Rootcast.Images.Trees;

namespace Rootcast.Tests;

/// <summary>Scripts as an ordinary user runs them. As root they are tried by the tests that need it.</summary>
public sealed class ScriptsWithoutRootTests : IDisposable
{
    private readonly TemporaryDirectory place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public async Task OwnersDevicesAndCapabilitiesSurvive()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "this is about users who are not root");
        Assert.SkipUnless(File.Exists("/usr/bin/busybox"), "busybox-static is not installed");
        ToolResult probe = await new Tool("unshare", "--map-root-user", "--map-auto", "true") { GoodExitCodes = [0, 1] }.RunAsync(Now);
        Assert.SkipUnless(probe.ExitCode == 0, "this user may not make user namespaces");
        WriteTar();
        Recipe recipe = new()
        {
            Name = "test",
            Source = new TarSource(place.File("tree.tar")),
            Forms = [Form.Tmpfs],
            Scripts =
            [
                new RecipeScript("#!/bin/busybox sh\nset -e\nbusybox id -u >/made\nbusybox chown 33:44 /made", null, RecipePlace.None),
            ],
        };
        TreeArchive archive = await new TreeBuilder(new BuildCache(place.File("cache")), new SilentProgress()).BuildAsync(recipe, Now);
        using FileTree tree = ArchivedTree.Read(archive.TarPath, Now);
        TreeEntry made = tree.Find(UnixPath.From("made"))!.Entry;
        Assert.Equal((33u, 44u), (made.Uid, made.Gid));
        Assert.Equal("0\n", tree.ReadText("made"));
        TreeEntry device = tree.Find(UnixPath.From("dev/null"))!.Entry;
        Assert.Equal((NodeKind.CharacterDevice, 1u, 3u), (device.Kind, device.DeviceMajor, device.DeviceMinor));
        TreeEntry busybox = tree.Find(UnixPath.From("bin/busybox"))!.Entry;
        Assert.Equal(["security.capability", "trusted.mark"], busybox.Attributes.Select(attribute => attribute.Name));
        Assert.Equal(1001u, tree.Find(UnixPath.From("home"))!.Entry.Uid);
        Assert.Empty(Directory.EnumerateFileSystemEntries(place.File("cache/making")));
    }

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private void WriteTar()
    {
        using FileStream file = File.Create(place.File("tree.tar"));
        using FileStream busybox = File.OpenRead("/usr/bin/busybox");
        TarWriter writer = new(file);
        writer.Write(Node("", NodeKind.Directory));
        writer.Write(Node("bin", NodeKind.Directory));
        // VFS_CAP_REVISION_2, effective, CAP_NET_RAW.
        byte[] capability = [1, 0, 0, 2, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        TreeEntry program = Node("bin/busybox", NodeKind.File) with
        {
            Size = busybox.Length,
            Attributes =
            [
                new ExtendedAttribute("security.capability", capability),
                new ExtendedAttribute("trusted.mark", new byte[] { 1 }),
            ],
        };
        writer.Write(program, busybox);
        writer.Write(Node("dev", NodeKind.Directory));
        writer.Write(Node("dev/null", NodeKind.CharacterDevice) with { DeviceMajor = 1, DeviceMinor = 3 });
        writer.Write(Node("home", NodeKind.Directory) with { Uid = 1001 });
        writer.Finish();
    }

    private static TreeEntry Node(string path, NodeKind kind) =>
        new()
        {
            Path = UnixPath.From(path),
            Kind = kind,
            Mode = 0x1ED,
        };
}
