using Rootcast.Linux.Mounts;

namespace Rootcast.Tests;

public sealed class MountOptionsTests
{
    [Theory]
    [InlineData(null, MountFlags.None, null)]
    [InlineData("ro", MountFlags.ReadOnly, null)]
    [InlineData("ro,subvol=@,noatime,rw", MountFlags.NoAccessTime, "subvol=@")]
    [InlineData("defaults,errors=remount-ro,x-systemd.growfs,compress=zstd:3", MountFlags.None, "errors=remount-ro,compress=zstd:3")]
    [InlineData(",nodev,,nosuid,dev", MountFlags.NoSuid, null)]
    public void OptionsOfFstabAreSplit(string? text, MountFlags flags, string? data) =>
        Assert.Equal(new MountOptions(flags, data), MountOptions.Parse(text));
}
