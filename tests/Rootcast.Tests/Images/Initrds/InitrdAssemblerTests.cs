using Rootcast.Contract;
using Rootcast.Images.Boot;
using Rootcast.Images.Initrds;
using Rootcast.Images.Store;

namespace Rootcast.Tests;

public sealed class InitrdAssemblerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ImageStore _store;
    private readonly ImageManifest _image;

    public InitrdAssemblerTests()
    {
        _store = ImageStore.Open(_directory.File("store"));
        _image = StoreSample.Put(_store);
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Segments_stand_where_the_kernel_looks_for_them_and_cpio_reads_them()
    {
        Judge.Needs("cpio");
        BootPlan plan = new() { Form = Form.Squashfs, Carrier = Carrier.Initrd };
        BootFiles files = Prepare(plan, PlanPlace.Segment);
        byte[] initrd = File.ReadAllBytes(files.InitrdPath);
        Assert.Equal(files.Bytes.Initrd, initrd.Length);
        Assert.Equal("initramfs"u8, initrd.AsSpan(0, 9));
        Assert.Equal(9, files.Bytes.Initramfs);
        int payload = initrd.AsSpan().IndexOf("squashfs one"u8);
        Assert.Equal(0, payload % InitrdAssembler.Alignment);

        string planArchive = _directory.File("plan.cpio");
        File.WriteAllBytes(planArchive, initrd[InitrdAssembler.Alignment..]);
        Assert.Equal("0", $"{(char)initrd[InitrdAssembler.Alignment]}");
        Assert.Equal(
            ["etc", "etc/cmdline.d", "etc/cmdline.d/50-rootcast.conf"],
            Judge.Run("cpio", ["-t", "--quiet"], planArchive).Split('\n', StringSplitOptions.RemoveEmptyEntries)
        );
        Assert.Equal(
            $"rootcast.form=squashfs\nrootcast.carrier=initrd\nrootcast.artefact={_image.Artefacts[1].Identity}\n",
            Judge.Run("cpio", ["-i", "--quiet", "--to-stdout", "etc/cmdline.d/50-rootcast.conf"], planArchive)
        );

        // The last archive starts at the last header that names the payload.
        int header = payload - 128;
        string payloadArchive = _directory.File("payload.cpio");
        File.WriteAllBytes(payloadArchive, initrd[header..]);
        Assert.Equal("squashfs one", Judge.Run("cpio", ["-i", "--quiet", "--to-stdout"], payloadArchive));
        Assert.Equal(0, header % 4);
    }

    [Fact]
    public void The_stores_own_initramfs_serves_when_nothing_has_to_be_added()
    {
        BootFiles files = Prepare(
            new BootPlan
            {
                Form = Form.Tmpfs,
                Carrier = Carrier.Http,
                Url = "http://[::1]/x",
            },
            PlanPlace.CommandLine
        );
        Assert.Equal(_store.PathOf(_image.Initramfs), files.InitrdPath);
        Assert.False(Directory.Exists(_directory.File("boot")));
        Assert.Equal(
            $"rootcast.form=tmpfs rootcast.carrier=http rootcast.artefact={_image.Artefacts[0].Identity} rootcast.url=http://[::1]/x console=ttyS0",
            files.CommandLine.ToString()
        );
        Assert.Equal(new BootFileBytes(6, 9, 0, 0, 9), files.Bytes);
        Assert.Equal(24, files.Bytes.Delivered);
    }

    [Fact]
    public void What_the_image_lacks_is_named()
    {
        UserError form = Assert.Throws<UserError>(() => Prepare(new BootPlan { Form = Form.Ramdisk }, PlanPlace.CommandLine));
        Assert.Contains("ramdisk", form.Message, StringComparison.Ordinal);
        Assert.Contains("tmpfs, squashfs", form.Hint, StringComparison.Ordinal);
        BootRequest request = new()
        {
            Plan = new BootPlan { Form = Form.Tmpfs },
            KernelVersion = "9.9",
        };
        UserError kernel = Assert.Throws<UserError>(() =>
            BootFiles.Prepare(_store, _image, request, _directory.File("boot"), TestContext.Current.CancellationToken)
        );
        Assert.Contains("6.1.0-1-test", kernel.Hint, StringComparison.Ordinal);
    }

    private BootFiles Prepare(BootPlan plan, PlanPlace place) =>
        BootFiles.Prepare(
            _store,
            _image,
            new BootRequest
            {
                Plan = plan,
                PlanPlace = place,
                Arguments = KernelArguments.Parse("console=ttyS0"),
            },
            _directory.File("boot"),
            TestContext.Current.CancellationToken
        );
}
