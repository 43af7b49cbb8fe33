using Rootcast.Contract;
using Rootcast.Images.Boot;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Machines;

namespace Rootcast.Vm.Tests;

/// <summary>Our squashfs under the real initramfs of others, by the line that <c>rootcast args</c> prints.</summary>
[Trait("tier", "full")]
public class PeerTests(GuestLab lab)
{
    [Theory]
    [InlineData("dracut-059")]
    [InlineData("dracut-106")]
    public async Task DracutFetchesOurs(string peer)
    {
        PeerPlace place = new(Scenario.Url, null, null);
        PeerLine line = PeerLine.Of(PeerLine.PeerOf(peer)!.Value, Form.Squashfs, place, toRam: false);
        BootReport report = await lab.BootUnderAsync(Recipes.Dracut(backported: peer == "dracut-106"), line.Arguments.ToString(), []);
        Check(report);
    }

    [Fact]
    public async Task LiveBootFindsOursOnADisk()
    {
        MachineDisk medium = await LiveMedia.DebianAsync(await lab.ArtefactAsync(Form.Squashfs, Recipes.ForPeers));
        PeerPlace place = new(null, "LABEL=DEBIAN", "/live/filesystem.squashfs");
        PeerLine line = PeerLine.Of(PeerInitramfs.LiveBoot, Form.Squashfs, place, toRam: true);
        Check(await lab.BootUnderAsync(Recipes.LiveBoot, line.Arguments.ToString(), [medium]));
    }

    private static void Check(BootReport report)
    {
        Expect.Ready(report);
        Expect.Check(report, "peer");
        Assert.Contains(" overlay ", report.Events.First(said => said.Kind == "root").Text, StringComparison.Ordinal);
    }
}
