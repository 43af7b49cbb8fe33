using FsCheck;
using FsCheck.Fluent;
using Rootcast.Contract;

namespace Rootcast.Tests;

public class RootDaemonTests
{
    private static readonly RootDaemon Daemon = new()
    {
        Name = "zfs-fuse",
        Program = "/usr/sbin/zfs-fuse",
        Arguments = ["-n", "", "a b", RootDaemon.DevicePlace, RootDaemon.RootPlace],
        ReadySocket = "/run/zfs/zfs_socket",
        Modules = ["fuse", "loop"],
        Stop = ["/usr/sbin/zpool", "export", "-a"],
    };

    [Fact]
    public void ADescriptionIsReadBack()
    {
        Same(Daemon, RootDaemon.Parse(Daemon.Name, Daemon.ToText()));
        RootDaemon least = new() { Name = "x", Program = "/x" };
        Same(least, RootDaemon.Parse("x", least.ToText()));
    }

    [Theory]
    [InlineData("argument -f\n", "names no program")]
    [InlineData("program /x\nfoo bar\n", "line 2 is not understood: foo bar")]
    [InlineData("program /x\nready never\n", "line 2")]
    public void WhatIsNotUnderstoodIsSaid(string text, string said) =>
        Assert.Contains(said, Assert.Throws<InvalidDataException>(() => RootDaemon.Parse("x", text)).Message, StringComparison.Ordinal);

    [Fact]
    public void ALongDescriptionIsRefused() =>
        Assert.Throws<InvalidDataException>(() => RootDaemon.Parse("x", new string('\n', RootDaemon.LongestText + 1)));

    [Fact]
    public void AnyTextIsReadOrRefused() =>
        Prop.ForAll<string?>(text =>
            {
                try
                {
                    RootDaemon read = RootDaemon.Parse("x", text ?? "");
                    Same(read, RootDaemon.Parse("x", read.ToText()));
                }
                catch (InvalidDataException) { }
            })
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("squashfuse", true)]
    [InlineData("zfs-fuse2", true)]
    [InlineData("", false)]
    [InlineData("../x", false)]
    [InlineData("2x", false)]
    [InlineData("Zfs", false)]
    public void NamesAreFileNames(string name, bool good) => Assert.Equal(good, RootDaemon.IsName(name));

    private static void Same(RootDaemon one, RootDaemon other) => Assert.Equal(one.ToText() + one.Name, other.ToText() + other.Name);
}
