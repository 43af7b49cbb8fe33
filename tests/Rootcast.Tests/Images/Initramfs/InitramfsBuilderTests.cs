using Rootcast.Contract;
using Rootcast.Formats.Cpio;
using Rootcast.Images.Initramfs;
using Rootcast.Images.Recipes;
using Rootcast.Images.Sources;

namespace Rootcast.Tests;

public sealed class InitramfsBuilderTests : IDisposable
{
    private const string Modules = "/usr/lib/modules/6.1-test/kernel/";

    private readonly TemporaryDirectory _directory = new();
    private readonly KernelFiles _kernel;

    public InitramfsBuilderTests() => _kernel = FakeKernel.Write(_directory);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Modules_bring_what_they_need_and_each_says_why()
    {
        InitramfsDraft draft = await Draft(
            new()
            {
                Init = FakeKernel.Init,
                Kernels = [_kernel],
                Sets = ["virtual", "network"],
                Forms = [Form.Ramdisk],
            }
        );
        Assert.Equal(["ext4: form ramdisk"], Chain(draft, "ext4"));
        Assert.Equal(["jbd2: depends", "ext4: form ramdisk"], Chain(draft, "jbd2"));
        Assert.Equal(["crc32c_generic: softdep", "ext4: form ramdisk"], Chain(draft, "crc32c-generic"));
        string virtualSet = "virtio_pci: set virtual: disks, links and ports of virtual machines";
        // Step by step, although modules.dep names both after virtio_pci.
        Assert.Equal(["virtio: depends", "virtio_ring: depends", virtualSet], Chain(draft, "virtio"));
        Assert.Equal(["some_phy: softdep", "some_card: set network: every Ethernet card of the kernel"], Chain(draft, "some_phy"));
        Assert.Equal(["/init: what the kernel runs first"], Chain(draft, "init"));
    }

    [Fact]
    public async Task The_archive_is_one_that_cpio_reads_with_the_indexes_cut_down()
    {
        Judge.Needs("cpio");
        InitramfsDraft draft = await Draft(
            new()
            {
                Init = FakeKernel.Init,
                Kernels = [_kernel],
                Sets = [],
                Modaliases = ["pci:v00001AF4d00001000sv0sd0bc02sc00i00"],
            }
        );
        string archive = await Write(draft, InitrdCompression.None);
        string[] names = Judge.Run("cpio", ["-t", "--quiet"], archive).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("usr/lib/modules/6.1-test/kernel/drivers/virtio/virtio_ring.ko", names);
        Assert.Contains("usr/lib/modules/6.1-test/kernel/fs/ext4/ext4.ko.xz", names);
        Assert.DoesNotContain(names, name => name.Contains("some", StringComparison.Ordinal));
        Assert.Equal(names.Length, draft.Count);
        Assert.Equal("init program", Cat(archive, "init"));
        Assert.Equal("fs/ext4/ext4.ko.xz", Cat(archive, "usr/lib/modules/6.1-test/kernel/fs/ext4/ext4.ko.xz"));
        string dependencies = Cat(archive, "usr/lib/modules/6.1-test/modules.dep");
        Assert.Contains(
            "kernel/drivers/virtio/virtio_pci.ko: kernel/drivers/virtio/virtio_ring.ko kernel/drivers/virtio/virtio.ko\n",
            dependencies,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("some", dependencies, StringComparison.Ordinal);
        string aliases = Cat(archive, "usr/lib/modules/6.1-test/modules.alias");
        Assert.Contains("virtio_pci", aliases, StringComparison.Ordinal);
        Assert.DoesNotContain("some", aliases, StringComparison.Ordinal);
        Assert.Contains("isofs", Cat(archive, "usr/lib/modules/6.1-test/modules.builtin"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_module_that_is_named_twice_is_packed_once_and_a_builtin_one_not_at_all()
    {
        InitramfsDraft draft = await Draft(
            new()
            {
                Init = FakeKernel.Init,
                Kernels = [_kernel],
                Sets = ["network"],
                RootSet = false,
                Modules = ["some-card", "some_card", "fs-ext4", "ext4", "isofs", "sd-mod"],
                Modaliases = ["pci:v00001234d00001000sv0sd0bc02sc00i00"],
            }
        );
        string[] modules =
        [
            .. draft.Reasons.All.Select(reason => reason.Path).Where(path => path.Contains(".ko", StringComparison.Ordinal)),
        ];
        Assert.Equal(
            ["crc32c_generic.ko", "crc32c_intel.ko", "ext4.ko.xz", "jbd2.ko", "phylib.ko", "some-card.ko", "some_phy.ko"],
            modules.Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        using FileStream archive = File.OpenRead(await Write(draft, InitrdCompression.None));
        Assert.Empty(Images.Cpio.CpioCheck.Run(archive, out int entries));
        Assert.Equal(draft.Count, entries);
    }

    [Fact]
    public async Task Each_kernel_has_its_modules_under_its_own_version()
    {
        KernelFiles other = FakeKernel.Write(_directory, "7.0-other");
        InitramfsDraft draft = await Draft(
            new()
            {
                Init = FakeKernel.Init,
                Kernels = [_kernel, other],
                Sets = [],
            }
        );
        Assert.Equal(
            [Modules + "fs/squashfs/squashfs.ko", "/usr/lib/modules/7.0-other/kernel/fs/squashfs/squashfs.ko"],
            draft.Reasons.Why("squashfs").Select(chain => chain[0].Path)
        );
    }

    [Fact]
    public async Task A_module_named_in_the_recipe_must_be_there()
    {
        UserError error = await Assert.ThrowsAsync<UserError>(() =>
            Draft(
                new()
                {
                    Init = FakeKernel.Init,
                    Kernels = [_kernel],
                    Modules = ["virtio_pic"],
                }
            )
        );
        Assert.Contains("Kernel 6.1-test has no module 'virtio_pic'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'virtio_pci'", error.Hint, StringComparison.Ordinal);
        UserError gone = await Assert.ThrowsAsync<UserError>(() =>
            Draft(
                new()
                {
                    Init = FakeKernel.Init,
                    Kernels = [_kernel],
                    Modules = ["gone"],
                }
            )
        );
        Assert.Contains("not on disk", gone.Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_kernel.ModulesDirectory, "modules.dep"), "kernel/drivers/block/loop.ko:\n");
        UserError form = await Assert.ThrowsAsync<UserError>(() =>
            Draft(
                new()
                {
                    Init = FakeKernel.Init,
                    Kernels = [_kernel],
                    Forms = [Form.Squashfs],
                }
            )
        );
        Assert.Contains("'squashfs' (form squashfs)", form.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_set_wishes_for_and_the_kernel_has_not_is_a_note_unless_it_is_builtin()
    {
        InitramfsDraft draft = await Draft(
            new()
            {
                Init = FakeKernel.Init,
                Kernels = [_kernel],
                Sets = ["storage"],
            }
        );
        string note = Assert.Single(draft.Notes, text => text.Contains("(set storage)", StringComparison.Ordinal));
        Assert.Contains("ahci", note, StringComparison.Ordinal);
        Assert.DoesNotContain("sd_mod", note, StringComparison.Ordinal);
        UserError set = await Assert.ThrowsAsync<UserError>(() =>
            Draft(
                new()
                {
                    Init = FakeKernel.Init,
                    Kernels = [_kernel],
                    Sets = ["storge"],
                }
            )
        );
        Assert.Contains("virtual, storage, usb, network", set.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sets_of_recipes_are_the_sets_that_there_are()
    {
        Assert.Equal(["virtual", "storage", "usb", "network"], ModuleSet.Default);
        InitramfsDraft draft = await Draft(new() { Init = FakeKernel.Init, Kernels = [_kernel] });
        Assert.Contains(draft.Reasons.All, reason => reason.Path == Modules + "fs/squashfs/squashfs.ko");
    }

    [Fact]
    public async Task The_same_request_gives_the_same_bytes_and_another_file_another_digest()
    {
        string extra = _directory.Write("extra", "one");
        InitramfsRequest request = new()
        {
            Init = FakeKernel.Init,
            Kernels = [_kernel],
            Files = [new RecipeInitramfsFile(extra, "/etc/extra", RecipePlace.None)],
        };
        InitramfsDraft first = await Draft(request);
        InitramfsDraft second = await Draft(request);
        Assert.Equal(first.InputsDigest(), second.InputsDigest());
        Assert.Equal(
            File.ReadAllBytes(await Write(first, InitrdCompression.Zstd)),
            File.ReadAllBytes(await Write(second, InitrdCompression.Zstd))
        );
        Assert.Equal(first.Reasons.ToBytes(), second.Reasons.ToBytes());
        File.WriteAllText(extra, "changed");
        Assert.NotEqual(first.InputsDigest(), (await Draft(request)).InputsDigest());
    }

    [Fact]
    public async Task A_program_brings_its_loader_and_libraries_and_runs_from_what_was_packed()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/env"), "there is no /usr/bin/env");
        InitramfsRequest request = new()
        {
            Init = FakeKernel.Init,
            Kernels = [_kernel],
            Files = [new RecipeInitramfsFile("/usr/bin/env", "/bin/env", RecipePlace.None)],
        };
        InitramfsDraft draft = await Draft(request);
        string[] libraries =
        [
            .. draft.Reasons.All.Where(reason => reason.By == "/usr/bin/env").Select(reason => Path.GetFileName(reason.Path)),
        ];
        Assert.Contains("libc.so.6", libraries);
        string root = _directory.File("root");
        InitramfsContents.Extract(await Write(draft, InitrdCompression.None), root, cancellation: TestContext.Current.CancellationToken);
        // The loader itself lists what it finds, in these directories alone.
        string loader = Assert.Single(draft.Reasons.All, reason => reason.Because.StartsWith("loader", StringComparison.Ordinal)).Path;
        string libraryPath = string.Join(
            ':',
            draft
                .Reasons.All.Where(reason => reason.Because == "library")
                .Select(reason => root + Path.GetDirectoryName(reason.Path))
                .Distinct()
        );
        string list = Judge.Run(root + loader, ["--inhibit-cache", "--library-path", libraryPath, "--list", root + "/usr/bin/env"]);
        Assert.Contains(root + "/usr/lib", list, StringComparison.Ordinal);
        Assert.DoesNotContain("not found", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_told_with_its_place_in_the_recipe()
    {
        RecipeInitramfsFile file = new(_directory.File("absent"), "/etc/x", new RecipePlace("r.yaml", 7, 3));
        UserError error = await Assert.ThrowsAsync<UserError>(() =>
            Draft(
                new()
                {
                    Init = FakeKernel.Init,
                    Kernels = [_kernel],
                    Files = [file],
                }
            )
        );
        Assert.StartsWith("r.yaml:7:3: ", error.Message, StringComparison.Ordinal);
        RecipeInitramfsFile taken = new(_directory.Write("x", ""), "/init", new RecipePlace("r.yaml", 8, 3));
        UserError twice = await Assert.ThrowsAsync<UserError>(() =>
            Draft(
                new()
                {
                    Init = FakeKernel.Init,
                    Kernels = [_kernel],
                    Files = [taken],
                }
            )
        );
        Assert.Contains("in the initramfs already", twice.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reasons_are_read_back_and_misspelt_names_get_a_suggestion()
    {
        InitramfsReasons reasons = new();
        reasons.Add(new InitramfsReason(Modules + "virtio-net.ko.zst", "set network", null));
        InitramfsReasons back = InitramfsReasons.Parse(reasons.ToBytes());
        Assert.Equal(reasons.All, back.All);
        Assert.Equal(Modules + "virtio-net.ko.zst", back.Why("virtio_net")[0][0].Path);
        Assert.Contains("virtio_net", Assert.Throws<UserError>(() => back.Why("virtio_nat")).Hint, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => InitramfsReasons.Parse("one field\n"u8));
    }

    private static Task<InitramfsDraft> Draft(InitramfsRequest request) =>
        InitramfsBuilder.DraftAsync(request, TestContext.Current.CancellationToken);

    private static IEnumerable<string> Chain(InitramfsDraft draft, string name) =>
        Assert
            .Single(draft.Reasons.Why(name))
            .Select(reason =>
                (reason.Path.StartsWith(Modules, StringComparison.Ordinal) ? Formats.Modules.ModuleName.OfPath(reason.Path) : reason.Path)
                + ": "
                + reason.Because
            );

    private async Task<string> Write(InitramfsDraft draft, InitrdCompression compression)
    {
        string path = _directory.File(Guid.NewGuid().ToString("N"));
        await InitramfsCompressor.WriteAsync(draft, compression, path, TestContext.Current.CancellationToken);
        return path;
    }

    private static string Cat(string archive, string name) => Judge.Run("cpio", ["-i", "--quiet", "--to-stdout", name], archive);
}
