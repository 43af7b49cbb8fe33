using Rootcast.Contract;
using Rootcast.Images.Cpio;
using Rootcast.Images.Initrds;

namespace Rootcast.Tests;

public sealed class MicrocodeTests : IDisposable
{
    private const string IntelFile = "kernel/x86/microcode/GenuineIntel.bin";
    private const string AmdFile = "kernel/x86/microcode/AuthenticAMD.bin";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_kernel_finds_all_updates_of_a_vendor_before_it_unpacks_anything()
    {
        string[] files =
        [
            Write("06-01-01", MicrocodeSamples.Intel(1)),
            Write("amd.bin", MicrocodeSamples.Amd(2)),
            Write("06-01-02", MicrocodeSamples.Intel(3, 4)),
        ];
        InitrdSegment microcode = await MicrocodeSegment.OfAsync(files, TestContext.Current.CancellationToken);
        string initrd = _directory.File("initrd");
        // Last as it is named: microcode has to be first all the same.
        InitrdAssembler.Assemble(
            [PlanSegment.Of(new BootPlan { Form = Form.Tmpfs }), PayloadSegment.Of(files[0]), microcode],
            initrd,
            cancellation: TestContext.Current.CancellationToken
        );
        byte[] bytes = File.ReadAllBytes(initrd);
        Assert.Equal([.. MicrocodeSamples.Intel(1), .. MicrocodeSamples.Intel(3, 4)], EarlyCpio.Find(bytes, IntelFile)!);
        Assert.Equal(MicrocodeSamples.Amd(2), EarlyCpio.Find(bytes, AmdFile)!);
        using FileStream file = File.OpenRead(initrd);
        Assert.Empty(CpioCheck.Run(file, out int entries));
        Assert.Equal(5 + 3 + 2, entries);
    }

    [Fact]
    public void The_hosts_packages_are_known_by_their_names()
    {
        string[] wanted =
        [
            "fw/intel-ucode/06-8e-0c",
            "fw/intel-ucode/06-8f-08.initramfs",
            "fw/amd-ucode/microcode_amd.bin",
            "fw/amd-ucode/microcode_amd_fam19h.bin.zst",
        ];
        string[] others = ["fw/intel-ucode/README", "fw/amd-ucode/microcode_amd.bin.asc", "fw/amd-ucode/README", "fw/intel/ibt.sfi"];
        foreach (string name in (string[])[.. wanted, .. others])
        {
            _directory.Write(name, "");
        }
        Assert.Equal(wanted.Select(_directory.File), MicrocodeSegment.OfHost([_directory.File("none"), _directory.File("fw")]));
        UserError error = Assert.Throws<UserError>(() => MicrocodeSegment.OfHost([_directory.File("none")]));
        Assert.Equal(UserErrorKind.Missing, error.Kind);
        Assert.Contains("intel-microcode", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_length_that_an_old_update_leaves_out_is_two_kilobytes() =>
        Assert.Equal(
            MicrocodeVendor.Intel,
            MicrocodeContainer.Read([.. MicrocodeSamples.Intel(1, saysLength: false), .. MicrocodeSamples.Intel(2)])
        );

    [Fact]
    public void Containers_may_follow_each_other() =>
        Assert.Equal(MicrocodeVendor.Amd, MicrocodeContainer.Read([.. MicrocodeSamples.Amd(1), .. MicrocodeSamples.Amd(2)]));

    [Fact]
    public async Task What_is_no_microcode_or_cut_is_refused_with_the_place()
    {
        byte[] whole = [.. MicrocodeSamples.Intel(1), .. MicrocodeSamples.Intel(2)];
        foreach (
            (byte[] bytes, string reason) in ((byte[], string)[])
                [
                    ([], "at byte 0 there are 0 bytes"),
                    ([.. "no microcode at all, and longer than a header has to be"u8], "at byte 0 there is no update"),
                    (whole[..^1], "the update at byte 2048 says that it has 2048 bytes, and 2047 are there"),
                    ([.. whole, 0], "at byte 4096 there are 1 bytes"),
                    (MicrocodeSamples.Amd(1)[..^1], "the section at byte 136 has 8 bytes, and 7 are there"),
                    ([.. "DMA\0"u8, 1, 0, 0, 0, 0, 0, 0, 0], "at byte 4 a section of type 0 should begin"),
                ]
        )
        {
            string path = Write("file", bytes);
            UserError error = await Assert.ThrowsAsync<UserError>(() =>
                MicrocodeSegment.OfAsync([path], TestContext.Current.CancellationToken)
            );
            Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Damaged_containers_are_refused_or_read_and_nothing_else()
    {
        Fuzzing.Mutate(2000, [.. MicrocodeSamples.Intel(1, 1), .. MicrocodeSamples.Intel(2, 1)], bytes => MicrocodeContainer.Read(bytes));
        Fuzzing.Mutate(2000, MicrocodeSamples.Amd(1), bytes => MicrocodeContainer.Read(bytes), seed: 2);
    }

    private string Write(string name, byte[] bytes)
    {
        string path = _directory.File(name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
