using Rootcast.Contract;
using Rootcast.Images.Boot;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Machines;

namespace Rootcast.Vm.Tests;

/// <summary>Lines that people have for other initramfs, with ours. The plan in the initrd names a disk that is not there, so only the line can have
/// brought the root.</summary>
public class ParameterTests(GuestLab lab)
{
    private static readonly BootPlan Elsewhere = new()
    {
        Form = Form.Squashfs,
        Carrier = Carrier.Disk,
        Device = "/dev/nowhere",
        Timeout = TimeSpan.FromSeconds(20),
        Countdown = TimeSpan.FromSeconds(1),
    };

    [Fact]
    public async Task TheLineOfTheEl6ArticleBootsTheTreeInTheInitrd()
    {
        BootReport report = await lab.BootAsync(
            Line("root=/x.iso rootfstype=auto rw liveimg toram size=300") with
            {
                Form = Form.Tmpfs,
                Carrier = Carrier.Initrd,
                Plan = new() { Form = Form.Tmpfs },
            }
        );
        Assert.Contains("tmpfs", Root(report), StringComparison.Ordinal);
        Assert.Contains("size=307200k", Root(report), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("root=live:{url} rd.neednet=1 ip=dhcp rd.live.overlay.size=100")]
    [InlineData("boot=live fetch={url} overlay-size=100M components quiet")]
    public async Task AnImageIsFetched(string arguments)
    {
        BootReport report = await lab.BootAsync(Line(arguments));
        Assert.Contains("overlay", Root(report), StringComparison.Ordinal);
        Assert.Contains("rootcast.overlay.size=104857600", Said(report, "plan"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnIsoOfLivecdToolsBootsByItsLabel()
    {
        _ = Recipes.Busybox();
        MachineDisk iso = await LiveMedia.FedoraIsoAsync(Recipes.TreeOf("busybox"), "Live-1");
        BootReport report = await lab.BootAsync(Line("root=live:CDLABEL=Live-1 rd.live.image rd.live.ram") with { Disks = [iso] });
        Assert.StartsWith("/dev/dm-0 / ext4 ", Root(report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStickOfLiveBuildBootsAndKeepsWhatIsWritten()
    {
        MachineDisk medium = await LiveMedia.DebianAsync(await lab.ArtefactAsync(Form.Squashfs, Recipes.Busybox()));
        MachineDisk persistence = await LiveMedia.PersistenceAsync("/ union\n");
        BootReport report = await lab.BootAsync(Line("boot=live persistence") with { Disks = [medium, persistence] });
        Assert.Contains("upperdir=/run/rootcast/kept/rw", Root(report), StringComparison.Ordinal);
    }

    private static Scenario Line(string arguments) =>
        new()
        {
            Recipe = Recipes.Busybox(),
            Carrier = Carrier.Disk,
            Plan = Elsewhere,
            PlanPlace = PlanPlace.Segment,
            Arguments = arguments,
        };

    private static string Root(BootReport report)
    {
        Expect.Ready(report);
        Expect.Check(report, "busybox");
        return Said(report, "root");
    }

    private static string Said(BootReport report, string kind) => report.Events.First(said => said.Kind == kind).Text;
}
