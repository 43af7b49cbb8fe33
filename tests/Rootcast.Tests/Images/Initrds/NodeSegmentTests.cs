using Rootcast.Contract;
using Rootcast.Formats.Tree;
using Rootcast.Images.Initramfs;
using Rootcast.Images.Initrds;

namespace Rootcast.Tests;

public sealed class NodeSegmentTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_node_directory_becomes_what_init_looks_for()
    {
        _directory.Write("n01/cmdline", "# the server in rack 3\nrootcast.url=http://[::1]/x\nip=dhcp  quiet\n");
        _directory.Write("n01/hostname", "n01.example.org\n");
        File.SetUnixFileMode(_directory.Write("n01/ssh/ssh_host_ed25519_key", "secret"), (UnixFileMode)Convert.ToInt32("644", 8));
        _directory.Write("n01/ssh/ssh_host_ed25519_key.pub", "public");
        File.SetUnixFileMode(_directory.Write("n01/tree/usr/local/bin/tool", "tool"), (UnixFileMode)Convert.ToInt32("755", 8));
        File.CreateSymbolicLink(_directory.File("n01/tree/link"), "/etc/hostname");
        Dictionary<string, TreeEntry> entries = Entries(NodeSegment.Of(_directory.File("n01")));
        Assert.Equal(Convert.ToInt32("600", 8), entries["etc/rootcast/node/tree/etc/ssh/ssh_host_ed25519_key"].Mode);
        Assert.Equal(Convert.ToInt32("644", 8), entries["etc/rootcast/node/tree/etc/ssh/ssh_host_ed25519_key.pub"].Mode);
        Assert.Equal(Convert.ToInt32("755", 8), entries["etc/rootcast/node/tree/usr/local/bin/tool"].Mode);
        Assert.Equal("/etc/hostname", entries["etc/rootcast/node/tree/link"].Target.ToString());
        Assert.All(entries.Values, entry => Assert.Equal((0u, 0u, 0L), (entry.Uid, entry.Gid, entry.ModifiedSeconds)));
        string root = _directory.File("root");
        InitramfsContents.Extract(_directory.File("initrd"), root, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal("rootcast.url=http://[::1]/x\nip=dhcp\nquiet\n", File.ReadAllText(root + InitramfsPaths.NodeArguments));
        Assert.Equal("n01.example.org\n", File.ReadAllText(root + InitramfsPaths.NodeTree + "/etc/hostname"));
    }

    [Fact]
    public void A_file_is_arguments_or_a_segment_that_was_made_before()
    {
        string arguments = _directory.Write("n02.args", "ip=dhcp\n");
        Dictionary<string, TreeEntry> first = Entries(NodeSegment.Of(arguments));
        Assert.Contains(InitramfsPaths.NodeArguments[1..], first.Keys);
        File.Move(_directory.File("initrd"), _directory.File("n02.cpio"));
        InitrdSegment again = NodeSegment.Of(_directory.File("n02.cpio"));
        Assert.Equal(_directory.File("n02.cpio"), again.File);
        Assert.Equal(first.Keys, Entries(again).Keys);
    }

    [Theory]
    [InlineData("tre/etc/x", "x", "'tre', which has no meaning", "tree")]
    [InlineData("hostname", "no host name!", "this is no host name", "letters")]
    [InlineData("ssh/config", "x", "no host key", "tree/etc/ssh")]
    [InlineData("cmdline", "a\0b", "holds no kernel arguments", "command line")]
    public void What_has_no_meaning_is_named(string name, string content, string message, string hint)
    {
        _directory.Write($"n03/{name}", content);
        UserError error = Assert.Throws<UserError>(() => NodeSegment.Of(_directory.File("n03")));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_at_all_is_an_error()
    {
        Directory.CreateDirectory(_directory.File("n04"));
        Assert.Contains(
            "is empty",
            Assert.Throws<UserError>(() => NodeSegment.Of(_directory.File("n04"))).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "cannot be read",
            Assert.Throws<UserError>(() => NodeSegment.Of(_directory.File("n05"))).Message,
            StringComparison.Ordinal
        );
    }

    private Dictionary<string, TreeEntry> Entries(InitrdSegment segment)
    {
        InitrdAssembler.Assemble([segment], _directory.File("initrd"), cancellation: TestContext.Current.CancellationToken);
        return InitramfsContents
            .List(_directory.File("initrd"))
            .ToDictionary(listing => listing.Entry.Path.ToString(), listing => listing.Entry);
    }
}
