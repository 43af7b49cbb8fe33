using Rootcast.Contract;
using Rootcast.Images;
using Rootcast.Images.Initramfs;
using Rootcast.Images.Progress;
using Rootcast.Images.Recipes;
using Rootcast.Images.Sources;
using Rootcast.Images.Store;
using Rootcast.Images.Trees;

namespace Rootcast.Tests;

public sealed class ImageCastingTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ImageStore _store;
    private readonly TreeArchive _tree;
    private readonly KernelFiles _kernel;

    public ImageCastingTests()
    {
        _store = ImageStore.Open(_directory.File("store"));
        _tree = OddTree.Write(_directory.File("tree.tar"), rootOwned: true);
        _kernel = FakeKernel.Write(_directory);
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task An_image_has_everything_and_a_second_build_makes_nothing_again()
    {
        StoredImage image = await Cast([Form.Tmpfs]);
        Assert.Equal("kernel 6.1-test", File.ReadAllText(_store.PathOf(Assert.Single(image.Manifest.Kernels).Blob)));
        Assert.Equal("directory /tree", image.Manifest.Source);
        Assert.Contains(InitramfsContents.List(_store.PathOf(image.Manifest.Initramfs)), entry => entry.Entry.Path.ToString() == "init");
        InitramfsReasons reasons = InitramfsReasons.Parse(File.ReadAllBytes(_store.PathOf(image.Manifest.InitramfsReasons!)));
        Assert.NotEmpty(reasons.Why("virtio_ring"));

        Dictionary<string, DateTime> before = Blobs();
        Assert.Equal(image.Digest, (await Cast([Form.Tmpfs])).Digest);
        Assert.Equal(before, Blobs());
        Assert.Equal(image.Digest, _store.Get("odd").Digest);
        Assert.Equal(0, _store.CollectGarbage().Blobs);
    }

    [Fact]
    public async Task A_build_that_is_cancelled_or_fails_leaves_the_old_image()
    {
        StoredImage image = await Cast([Form.Tmpfs]);
        using CancellationTokenSource source = new();
        await source.CancelAsync();
        ImageCasting casting = new(_store, new InitProgram("another"u8.ToArray()), new SilentProgress());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            casting.CastAsync(Recipe([Form.Tmpfs]), _tree, [_kernel], source.Token)
        );
        File.Delete(Path.Combine(_kernel.ModulesDirectory, "kernel/drivers/block/loop.ko"));
        await Assert.ThrowsAsync<UserError>(() => Cast([Form.Tmpfs, Form.Squashfs]));
        Assert.Equal(image.Digest, _store.Get("odd").Digest);
        _store.CollectGarbage();
        Assert.All(image.Manifest.Artefacts, artefact => _store.PathOf(artefact.Blob));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_store.Directory, ".rootcast/temporary")));
    }

    private static Recipe Recipe(IReadOnlyList<Form> forms) =>
        new()
        {
            Name = "odd",
            Source = new DirectorySource("/tree"),
            Forms = forms,
        };

    private Task<StoredImage> Cast(IReadOnlyList<Form> forms)
    {
        ImageCasting casting = new(_store, FakeKernel.Init, new SilentProgress());
        return casting.CastAsync(Recipe(forms), _tree, [_kernel], TestContext.Current.CancellationToken);
    }

    private Dictionary<string, DateTime> Blobs() =>
        Directory.EnumerateFiles(Path.Combine(_store.Directory, "blobs/sha256")).ToDictionary(path => path, File.GetLastWriteTimeUtc);
}
