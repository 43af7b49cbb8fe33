using Rootcast.Contract;
using Rootcast.Init.Handover;

namespace Rootcast.Tests;

public sealed class TreeInitTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("rootcast-tree-init").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void An_absolute_link_is_followed_inside_the_tree()
    {
        Program("usr/lib/systemd/systemd");
        Link("sbin", "usr/sbin");
        Directory.CreateDirectory(Path.Combine(root, "usr/sbin"));
        Link("usr/sbin/init", "/usr/lib/systemd/systemd");
        Assert.Equal("/sbin/init", TreeInit.Find(root, null));
        Assert.True(TreeInit.IsSystemd(root, "/sbin/init"));
    }

    [Fact]
    public void A_tree_that_was_an_initramfs_starts_by_its_own_init()
    {
        Program("init");
        Program("sbin/init");
        Assert.Equal(TreeInit.OfInitramfs, TreeInit.Find(root, null));
        Assert.Equal("/sbin/init", TreeInit.Find(root, "/sbin/init"));
    }

    [Fact]
    public void A_link_that_would_lead_out_stays_inside()
    {
        Program("bin/sh");
        Directory.CreateDirectory(Path.Combine(root, "sbin"));
        Link("sbin/init", "../../../../bin/sh");
        Assert.Equal("/sbin/init", TreeInit.Find(root, null));
    }

    [Fact]
    public void A_link_to_nothing_or_to_itself_is_no_init()
    {
        Directory.CreateDirectory(Path.Combine(root, "sbin"));
        Link("sbin/init", "init");
        Program("bin/busybox");
        Assert.Equal("/bin/busybox", TreeInit.Find(root, null));
        Assert.False(TreeInit.IsSystemd(root, "/bin/busybox"));
        Assert.False(TreeInit.IsSystemd(root, "/sbin/init"));
        Assert.Equal(["init", "single"], TreeInit.Arguments("/bin/busybox", ["single"]));
    }

    [Fact]
    public void A_file_that_nobody_may_execute_is_no_init()
    {
        Program("sbin/init");
        File.SetUnixFileMode(Path.Combine(root, "sbin/init"), UnixFileMode.UserRead);
        UserError error = Assert.Throws<UserError>(() => TreeInit.Find(root, null));
        Assert.Contains("the tree has no init", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_init_names_is_taken_or_refused()
    {
        Program("opt/own");
        Assert.Equal("/opt/own", TreeInit.Find(root, "/opt/own"));
        Assert.Throws<UserError>(() => TreeInit.Find(root, "/opt/other"));
    }

    private void Program(string path)
    {
        string file = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private void Link(string path, string target) => File.CreateSymbolicLink(Path.Combine(root, path), target);
}
