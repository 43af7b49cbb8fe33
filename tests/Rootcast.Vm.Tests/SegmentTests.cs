using System.Buffers.Binary;
using System.Globalization;
using Rootcast.Contract;
using Rootcast.Images.Initrds;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Running;

namespace Rootcast.Vm.Tests;

public class SegmentTests(GuestLab lab)
{
    private static readonly BootPlan Searching = new()
    {
        Form = Form.Squashfs,
        Timeout = TimeSpan.FromSeconds(20),
        Countdown = TimeSpan.FromSeconds(1),
    };

    [Fact]
    public async Task FilesOfOneMachineReachTheTreeAndTheKernelHasNoComplaintAboutTheSegments()
    {
        using LabDirectory directory = new();
        Write("node/cmdline", "vm.node\nrootcast.overlay.size=64M\n");
        Write("node/hostname", "n01\n");
        Write("node/ssh/ssh_host_ed25519_key", "secret");
        Write("node/tree/settings/through-link", "");
        Write("node/tree/opt/new/tool", "");
        Write(
            "node/tree/etc/report",
            """
            b=/bin/busybox
            for port in /sys/class/virtio-ports/*; do
              [ "$($b cat $port/name)" = rootcast.events ] && exec 3> /dev/${port##*/}
            done
            say() { if [ -z "$2" ]; then echo "check $1 ok" >&3; else echo "check $1 $2" >&3; fi; }
            say hostname "$($b cat /etc/hostname | $b grep -vx n01)"
            say key "$($b stat -c %a:%u:%g /etc/ssh/ssh_host_ed25519_key | $b grep -vx 600:0:0)"
            say link "$($b test -f /etc/through-link -a -L /settings || echo 'it was not followed')"
            say directory "$($b test -f /opt/new/tool || echo 'it was not made')"
            say arguments "$($b grep -q rootcast.overlay.size=67108864 /run/rootcast/plan || $b cat /run/rootcast/plan)"
            say kernel "$($b dmesg | $b grep -iE 'microcode|invalid magic|junk|unpacking failed|exceeding MAX_CPIO' | $b tr '\n' ';')"
            read -r up idle < /proc/uptime
            echo "mark ready ${up%.*}${up#*.}0000000" >&3
            echo done >&3

            """
        );
        File.WriteAllBytes(directory.File("06-01-01"), Update());
        BootReport report = await lab.BootAsync(
            new Scenario
            {
                Recipe = Recipes.ForNodes(),
                Segments =
                [
                    await MicrocodeSegment.OfAsync([directory.File("06-01-01")], TestContext.Current.CancellationToken),
                    NodeSegment.Of(directory.File("node")),
                ],
            }
        );
        Expect.Ready(report);
        foreach (string check in (string[])["hostname", "key", "link", "directory", "arguments", "kernel"])
        {
            Expect.Check(report, check);
        }

        void Write(string name, string content)
        {
            string path = directory.File(name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, content);
        }
    }

    [Theory]
    [InlineData("", "/run/rootcast/device")]
    [InlineData("rootcast.toram", "/run/rootcast/image")]
    public async Task AnArtefactIsFoundOnAMediumByWhatItIs(string arguments, string place)
    {
        BootReport report = await lab.BootAsync(
            new Scenario
            {
                Recipe = Recipes.Busybox(),
                Carrier = Carrier.Disk,
                DiskContent = DiskContent.Medium,
                Plan = Searching,
                // The kernel's line comes last: nothing but form and artefact is left of the plan.
                Arguments = $"rootcast.carrier=auto {arguments}",
            }
        );
        Expect.Ready(report);
        string log = File.ReadAllText(report.ConsoleLog);
        Assert.Contains("not by initrd: the initrd has no payload segment", log, StringComparison.Ordinal);
        Assert.Contains($"{place}/", log, StringComparison.Ordinal);
        Assert.Equal(arguments.Length > 0, log.Contains("the medium is released", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("tier", "full")]
    public async Task WhereNoMediumHasItTheUrlIsAskedAndEachMissIsSaid()
    {
        BootReport report = await lab.BootAsync(
            new Scenario
            {
                Recipe = Recipes.Busybox(),
                Carrier = Carrier.Http,
                Plan = Searching,
                Arguments = "rootcast.carrier=auto",
            }
        );
        Expect.Ready(report);
        string log = File.ReadAllText(report.ConsoleLog);
        Assert.Contains("not by initrd", log, StringComparison.Ordinal);
        Assert.Contains("not found by disk: carrier disk: no medium has /rootcast/", log, StringComparison.Ordinal);
    }

    /// <summary>Measured: with one kernel's modules in the base segment or two, only the payload is left in memory.</summary>
    [Fact]
    public async Task AfterTheHandoverOnlyThePayloadStaysInMemory()
    {
        BootReport one = await ReadyAsync(Recipes.Busybox());
        BootReport two = await ReadyAsync(Recipes.TwoKernels);
        Assert.True(two.DeliveredBytes > one.DeliveredBytes + (4 << 20), "the second kernel's modules are not in the initrd");
        long payload = new FileInfo(await lab.ArtefactAsync(Form.Squashfs, Recipes.Busybox())).Length;
        foreach (BootReport report in (BootReport[])[one, two])
        {
            // Pages, and the directories that stand while something is mounted on them.
            Assert.InRange(RootfsBytes(report), payload, payload + (128 << 10));
        }
        Assert.DoesNotContain(OtherKernels, File.ReadAllText(one.ConsoleLog), StringComparison.Ordinal);
        Assert.Contains(OtherKernels, File.ReadAllText(two.ConsoleLog), StringComparison.Ordinal);
        TestContext.Current.SendDiagnosticMessage($"{Held(one) >> 10} KiB with one kernel, {Held(two) >> 10} KiB with two");
        Assert.InRange(Held(two) - Held(one), -Noise, Noise);
    }

    private const string OtherKernels = "modules: other kernels' modules gave back";

    /// <summary>What two boots of the same system differ by, in bytes; the second kernel's modules take ten times as much.</summary>
    private const long Noise = 2 << 20;

    /// <summary>Memory that nobody else can have.</summary>
    private static long Held(BootReport report) =>
        report.Memory!.UsedFree - long.Parse(report.Events.Single(said => said.Kind == "percpu").Text, CultureInfo.InvariantCulture);

    private async Task<BootReport> ReadyAsync(string recipe)
    {
        BootReport report = await lab.BootAsync(new Scenario { Recipe = recipe });
        Expect.Ready(report);
        return report;
    }

    private static long RootfsBytes(BootReport report) =>
        long.Parse(report.Events.Single(said => said.Kind == "rootfs").Text, CultureInfo.InvariantCulture);

    /// <summary>With the structure of an update of Intel's, and nothing in it.</summary>
    private static byte[] Update()
    {
        byte[] update = new byte[2048];
        BinaryPrimitives.WriteInt32LittleEndian(update, 1);
        BinaryPrimitives.WriteInt32LittleEndian(update.AsSpan(20), 1);
        BinaryPrimitives.WriteInt32LittleEndian(update.AsSpan(28), update.Length - 48);
        BinaryPrimitives.WriteInt32LittleEndian(update.AsSpan(32), update.Length);
        return update;
    }
}
