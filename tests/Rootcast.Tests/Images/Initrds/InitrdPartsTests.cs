using Rootcast.Contract;
using Rootcast.Images.Initramfs;
using Rootcast.Images.Initrds;
using Rootcast.Images.Store;

namespace Rootcast.Tests;

public sealed class InitrdPartsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ImageStore _store;
    private readonly ImageManifest _image;
    private readonly string _base;

    public InitrdPartsTests()
    {
        _store = ImageStore.Open(_directory.File("store"));
        _image = StoreSample.Put(_store);
        // The sample's own is no archive.
        InitrdAssembler.Assemble([PlanSegment.Of(new BootPlan { Form = Form.Ramdisk })], _base = _directory.File("base"));
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Segments_stand_in_their_order_each_at_a_page_whatever_order_they_were_named_in()
    {
        string microcode = _directory.File("06-01-01");
        File.WriteAllBytes(microcode, MicrocodeSamples.Intel(1));
        InitrdBytes bytes = await AssembleAsync(
            Request with
            {
                Nodes = [_directory.Write("node.args", "ip=dhcp")],
                Payload = "squashfs",
                Microcode = [microcode],
                Arguments = KernelArguments.Parse("rootcast.url=http://[::1]/x"),
            }
        );
        Assert.Equal(
            [SegmentKind.Microcode, SegmentKind.Base, SegmentKind.Plan, SegmentKind.Payload, SegmentKind.Node],
            bytes.Segments.Select(segment => segment.Kind)
        );
        Assert.Equal(new FileInfo(_directory.File("initrd")).Length, bytes.Total);
        byte[] initrd = File.ReadAllBytes(_directory.File("initrd"));
        Assert.Equal(0, initrd.AsSpan().IndexOf("squashfs one"u8) % 4096);
        string root = _directory.File("root");
        InitramfsContents.Extract(_directory.File("initrd"), root, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal("squashfs one", File.ReadAllText(root + InitramfsPaths.Payload));
        Assert.Equal(
            $"rootcast.form=squashfs\nrootcast.artefact={_image.Artefacts[1].Identity}\nrootcast.url=http://[::1]/x\n",
            File.ReadAllText(root + InitramfsPaths.Plan)
        );
    }

    [Fact]
    public async Task A_plan_without_a_payload_says_what_to_look_for()
    {
        InitrdBytes bytes = await AssembleAsync(Request with { Form = Form.Squashfs });
        Assert.Equal([SegmentKind.Base, SegmentKind.Plan], bytes.Segments.Select(segment => segment.Kind));
    }

    [Fact]
    public async Task A_payload_from_a_file_gets_its_identity()
    {
        string payload = _directory.Write("artefact", "squashfs one");
        await AssembleAsync(
            new InitrdRequest
            {
                Payload = payload,
                Form = Form.Squashfs,
                Image = _image,
                BasePath = _base,
            }
        );
        string root = _directory.File("root");
        InitramfsContents.Extract(_directory.File("initrd"), root, cancellation: TestContext.Current.CancellationToken);
        Assert.Contains(
            $"rootcast.artefact={_image.Artefacts[1].Identity}\n",
            File.ReadAllText(root + InitramfsPaths.Plan),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_does_not_go_together_is_said()
    {
        string payload = _directory.Write("artefact", "some bytes");
        await RefusedAsync(new InitrdRequest(), "nothing to assemble");
        await RefusedAsync(new InitrdRequest { Payload = payload }, "which form the payload");
        await RefusedAsync(new InitrdRequest { Payload = "nowhere", Form = Form.Tmpfs }, "is not there");
        await RefusedAsync(new InitrdRequest { Payload = "tmpfs" }, "no image is named");
        await RefusedAsync(Request with { Payload = "tmpfs", Form = Form.Squashfs }, "the plan would be for squashfs");
        await RefusedAsync(Request with { Payload = "ramdisk" }, "not cast into the form ramdisk");
        await RefusedAsync(Request with { Arguments = KernelArguments.Parse("quiet") }, "Arguments go into the boot plan");
        await RefusedAsync(new InitrdRequest { BasePath = payload }, "is no initrd");
        await RefusedAsync(new InitrdRequest { Microcode = [payload] }, "is no microcode");
        Assert.False(File.Exists(_directory.File("initrd")));
    }

    [Fact]
    public async Task Microcode_twice_is_refused_because_the_kernel_takes_only_the_first()
    {
        string microcode = _directory.File("06-01-01");
        File.WriteAllBytes(microcode, MicrocodeSamples.Intel(1));
        await AssembleAsync(Request with { Microcode = [microcode] });
        string with = _directory.File("with");
        File.Move(_directory.File("initrd"), with);
        await RefusedAsync(new InitrdRequest { BasePath = with, Microcode = [microcode] }, "begins with microcode already");
    }

    private InitrdRequest Request => new() { Image = _image, BasePath = _base };

    private async Task<InitrdBytes> AssembleAsync(InitrdRequest request)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        IReadOnlyList<InitrdSegment> segments = await new InitrdParts(_store.PathOf).GatherAsync(request, cancellation);
        return InitrdAssembler.Assemble(segments, _directory.File("initrd"), cancellation: cancellation);
    }

    private async Task RefusedAsync(InitrdRequest request, string message)
    {
        UserError error = await Assert.ThrowsAsync<UserError>(() => AssembleAsync(request));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
