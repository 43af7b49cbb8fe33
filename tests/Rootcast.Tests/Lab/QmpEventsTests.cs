using Rootcast.Lab.Running;

namespace Rootcast.Tests;

public class QmpEventsTests
{
    [Theory]
    [InlineData(
        """{"timestamp": {"seconds": 1}, "event": "SHUTDOWN", "data": {"guest": true, "reason": "guest-reset"}}""",
        MachineEventKind.Reset
    )]
    [InlineData("""{"event": "SHUTDOWN", "data": {"guest": true, "reason": "guest-shutdown"}}""", MachineEventKind.PoweredOff)]
    [InlineData("""{"event": "GUEST_PANICKED", "data": {"action": "pause"}}""", MachineEventKind.Panicked)]
    public void WhatEndsAGuestIsSeen(string line, MachineEventKind kind) => Assert.Equal(kind, QmpEvents.KindOf(line));

    [Theory]
    [InlineData("""{"QMP": {"version": {}}}""")]
    [InlineData("""{"return": {}}""")]
    [InlineData("""{"event": "SHUTDOWN", "data": {"guest": false, "reason": "host-qmp-quit"}}""")]
    [InlineData("""{"event": "SHUTDOWN"}""")]
    [InlineData("[]")]
    public void TheRestIsNot(string line) => Assert.Null(QmpEvents.KindOf(line));

    [Fact]
    public void WhatIsNotJsonIsRefused() => Assert.Throws<InvalidDataException>(() => QmpEvents.KindOf("{"));

    [Theory]
    [InlineData("QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2+deb13u1~bpo12+1)\nCopyright", "10.0.2")]
    [InlineData("QEMU emulator version 7.2.15", "7.2.15")]
    [InlineData("QEMU emulator version", null)]
    public void TheVersionIsFoundInWhatQemuSays(string text, string? version) =>
        Assert.Equal(version, QemuProgram.VersionIn(text)?.ToString());
}
