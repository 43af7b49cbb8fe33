using System.IO.Compression;
using System.Text;
using Rootcast.Contract;
using Rootcast.Images.Boot;
using Rootcast.Images.Disks;
using Rootcast.Images.Initrds;
using Rootcast.Images.Progress;
using Rootcast.Images.Store;
using Rootcast.Images.Tools;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Machines;

namespace Rootcast.Vm.Tests;

/// <summary>A pool that OpenZFS's module has.</summary>
/// <param name="lab">The lab.</param>
[Trait("tier", "full")]
public sealed class ZfsTests(GuestLab lab) : PoolTests(lab, Form.Zfs)
{
    /// <inheritdoc/>
    protected override string[] Checks => ["arc", "devices", "written", "packages", "mapped", "bus", "mounts", "other", "capable", "tree"];

    /// <inheritdoc/>
    protected override int SmallFiles => 78_000;

    [Theory]
    [InlineData("raidz2", 2)]
    [InlineData("raidz3", 3)]
    [InlineData("raid10", 1)]
    public Task ItBootsWithoutAsManyDisksAsItCanBear(string layout, int absent) =>
        BootsWithoutAsync(layout, [.. Enumerable.Range(0, absent)]);

    /// <summary>Where OpenZFS notes a machine's pools, packed for that machine, tells where they are.</summary>
    [Fact]
    public async Task TheNoteOfItsPoolsIsTakenFirst()
    {
        await using TemporaryDirectory directory = TemporaryDirectory.Create();
        string[] disks = await DisksOfAsync(directory, "single");
        BootReport first = await BootAsync("single", "poweroff", "", disks, "cached");
        ExpectEnd(first, BootEnding.PoweredOff, "cached");
        await using MemoryStream packed = new(Convert.FromBase64String(first.Events.Single(said => said.Kind == "pools").Text));
        await using GZipStream unpacked = new(packed, CompressionMode.Decompress);
        await using MemoryStream note = new();
        await unpacked.CopyToAsync(note, TestContext.Current.CancellationToken);
        InitrdSegment segment = FilesSegment.Of(new Dictionary<string, byte[]> { ["/etc/zfs/zpool.cache"] = note.ToArray() });
        BootReport report = await BootAsync(Scene("single", "poweroff", "", disks, "bus") with { Segments = [segment] });
        ExpectEnd(report, BootEnding.PoweredOff, "bus");
        Assert.Contains("/etc/zfs/zpool.cache says where the disks of rpool are", await ConsoleOf(report), StringComparison.Ordinal);
    }

    /// <summary>To save what is there: nothing is written, not even a snapshot becomes a clone.</summary>
    [Fact]
    public async Task ItIsReadWithoutBeingWritten()
    {
        await using TemporaryDirectory directory = TemporaryDirectory.Create();
        string[] disks = await DisksOfAsync(directory, "single");
        ExpectEnd(await BootAsync("single", "poweroff", "vm.snapshot", disks), BootEnding.PoweredOff);
        byte[][] before = [.. disks.Select(Digest)];
        BootReport report = await BootAsync(
            "single",
            "poweroff",
            "rootcast.zfs.readonly rootcast.zfs.snapshot=before vm.readonly",
            disks,
            "unwritable"
        );
        Expect.Ended(BootEnding.PoweredOff, report);
        Expect.Check(report, "unwritable");
        Assert.Contains(report.Events, said => said.Kind == "when" && said.Text == "before");
        Assert.Equal(before, disks.Select(Digest));
    }

    /// <summary>An encrypted file system, by a key file in the initramfs, by one from a server, by one that is wrong, and by what is typed.</summary>
    [Fact]
    public async Task AnEncryptedRootTakesItsKey()
    {
        await using TemporaryDirectory directory = TemporaryDirectory.Create();
        string[] disks = await DisksOfAsync(directory, "single");
        ExpectEnd(await BootAsync("single", "poweroff", "", disks, "encrypted"), BootEnding.PoweredOff, "encrypted");
        Scenario scene = Scene("single", "poweroff", "", disks, "secret");
        BootReport byFile = await BootAsync(scene with { Segments = [KeyFile("a passphrase")] });
        ExpectEnd(byFile, BootEnding.PoweredOff, "secret");
        string key = directory.Join("key");
        await File.WriteAllTextAsync(key, "a passphrase\n", TestContext.Current.CancellationToken);
        await using (FaultyServer server = new(key, ServerFault.None))
        {
            BootReport byServer = await BootAsync(scene with { Arguments = $"{scene.Arguments} rootcast.zfs.key={server.Url}" });
            ExpectEnd(byServer, BootEnding.PoweredOff, "secret");
            Assert.Equal(1, server.Requests);
        }
        BootReport wrong = await BootAsync(
            scene with
            {
                Segments = [KeyFile("another passphrase")],
                Arguments = $"{scene.Arguments} rootcast.countdown=1",
            }
        );
        Expect.Failed(wrong, "the key of rpool/secret", "does not open it");
        BootReport byHand = await BootAsync(scene with { Answer = ("Enter passphrase for 'rpool/secret':", "a passphrase") });
        ExpectEnd(byHand, BootEnding.PoweredOff, "secret");
    }

    /// <summary>What zfs-fuse wrote the kernel reads, and after an upgrade only the kernel.</summary>
    [Fact]
    public async Task AnUpgradedPoolIsRefusedByZfsFuse()
    {
        await using TemporaryDirectory directory = TemporaryDirectory.Create();
        string[] disks = await DisksOfAsync(directory, "single");
        ExpectEnd(await BootAsync("single", "poweroff", "", disks, "upgraded"), BootEnding.PoweredOff, "upgraded");
        BootReport report = await BootAsync(
            Scene("single", "poweroff", "rootcast.timeout=2 rootcast.countdown=1", disks) with
            {
                Recipe = Recipes.Pool(Form.ZfsFuse, "single"),
                Form = Form.ZfsFuse,
            }
        );
        Expect.Failed(report, "newer ZFS version", "rootcast.form=zfs");
    }

    /// <summary>rootcast write puts each disk of a mirror where it belongs, and either boots by itself.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AWrittenMirrorBoots(bool withoutTheFirst)
    {
        await using TemporaryDirectory directory = TemporaryDirectory.Create();
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "filling a pool takes root");
        StoredImage image = await Lab.ImageAsync(Recipes.Pool(Form.Zfs, "mirror"));
        DiskWriting writing = new(Lab.Store, new SilentProgress());
        List<MachineDisk> disks = [];
        for (int number = 0; number < image.Manifest.ArtefactOf(Form.Zfs).Disks; number++)
        {
            string disk = directory.Join($"written{number}");
            DiskOrder order = new()
            {
                Image = image.Manifest,
                Boot = new BootRequest
                {
                    Plan = new BootPlan
                    {
                        Form = Form.Zfs,
                        Carrier = Carrier.Disk,
                        Timeout = TimeSpan.FromSeconds(5),
                    },
                    // The tree has no udev, and systemd would wait 90 s for the console's device.
                    Arguments = KernelArguments.Parse("console=ttyS0 panic=-1 systemd.mask=serial-getty@ttyS0.service"),
                },
                Target = DiskTarget.Of(disk),
                Disk = number,
                FileBytes = 2L << 30,
            };
            await writing.WriteAsync(order, DiskWriting.LayoutOf(order), TestContext.Current.CancellationToken);
            disks.Add(new MachineDisk(disk, IsWritable: true));
        }
        Machine machine = new() { Disks = withoutTheFirst ? [disks[1]] : disks };
        Expect.Ready(await Lab.BootAsync(machine, "written-zfs", Marks.Ready));
    }

    private static InitrdSegment KeyFile(string key) =>
        FilesSegment.Of(new Dictionary<string, byte[]> { ["/etc/pool.key"] = Encoding.UTF8.GetBytes(key + "\n") });

    private static byte[] Digest(string path)
    {
        using FileStream file = File.OpenRead(path);
        return System.Security.Cryptography.SHA256.HashData(file);
    }
}
