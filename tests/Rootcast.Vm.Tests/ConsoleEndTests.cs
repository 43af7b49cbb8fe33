namespace Rootcast.Vm.Tests;

public class ConsoleEndTests
{
    private const string Clean = $"""
        [   50.1] {ConsoleEnd.Begin}
        [  OK  ] Reached target reboot.target - System Reboot.
        [   51.1] systemd-shutdown[1]: Could not detach loopback /dev/loop0: Device or resource busy
        [   51.2] systemd-shutdown[1]: Cannot finalize remaining loop devices, continuing.
        [   51.3] {ConsoleEnd.Unmounted}
        """;

    [Fact]
    public void AnEndThatUnmountsTheRootIsClean() => Assert.Empty(ConsoleEnd.Complaints("EXT4-fs error before the end\n" + Clean));

    [Theory]
    [InlineData("[\u001b[0;1;31mFAILED\u001b[0m] Failed unmounting \u001b[0;1;39mrun-root…mount\u001b[0m - /run/rootcast/ramdisk.")]
    [InlineData("[   51.7] systemd-shutdown[1]: Failed to finalize loop devices, ignoring.")]
    [InlineData("[   51.7] EXT4-fs error (device loop0): ext4_find_entry")]
    [InlineData("[   51.7] rootcast: shutdown: the root could not be unmounted")]
    [InlineData("[   51.7] A stop job is running for vm-cell.service")]
    public void WhatWentWrongIsFound(string line) => Assert.Single(ConsoleEnd.Complaints($"{Clean}\n{line}"));

    [Fact]
    public void AnEndWithoutTheWayBackToMemoryIsFound() =>
        Assert.Equal(
            2,
            ConsoleEnd.Complaints(Clean.Replace(ConsoleEnd.Unmounted, "reboot: machine restart", StringComparison.Ordinal)).Count
        );
}
