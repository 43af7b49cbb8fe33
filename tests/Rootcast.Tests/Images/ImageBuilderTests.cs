using Rootcast.Contract;
using Rootcast.Images;
using Rootcast.Images.Progress;
using Rootcast.Images.Recipes;
using Rootcast.Images.Sources;
using Rootcast.Images.Store;
using Rootcast.Images.Trees;

namespace Rootcast.Tests;

public sealed class ImageBuilderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_recipe_becomes_an_image_and_a_change_makes_only_what_depends_on_it()
    {
        ImageStore store = ImageStore.Open(_directory.File("store"));
        Recipe recipe = Recipe();
        StoredImage first = await Build(store, recipe);
        Assert.Equal(first.Digest, (await Build(store, recipe)).Digest);
        StoredImage renamed = await Build(store, recipe with { Hostname = "other" });
        Assert.NotEqual(first.Manifest.Artefacts[0].Blob, renamed.Manifest.Artefacts[0].Blob);
        Assert.Equal(first.Manifest.Initramfs, renamed.Manifest.Initramfs);
        StoredImage packed = await Build(store, recipe with { Initramfs = new() { Modules = [RecipeText.Of("virtio_pci")] } });
        Assert.NotEqual(first.Manifest.Initramfs, packed.Manifest.Initramfs);
        Assert.Equal(first.Manifest.Artefacts[0], packed.Manifest.Artefacts[0]);
    }

    [Fact]
    public async Task A_missing_kernel_leaves_the_store_empty()
    {
        ImageStore store = ImageStore.Open(_directory.File("store"));
        Recipe recipe = Recipe() with { Kernels = [new FilesKernel(_directory.File("absent"), _directory.File("absent"), "1")] };
        await Assert.ThrowsAsync<UserError>(() => Build(store, recipe));
        Assert.Empty(store.List());
    }

    private Recipe Recipe()
    {
        KernelFiles kernel = FakeKernel.Write(_directory);
        TreeArchive tree = OddTree.Write(_directory.File("tree.tar"), rootOwned: true);
        return new()
        {
            Name = "odd",
            Source = new TarSource(tree.TarPath),
            Forms = [Form.Tmpfs],
            Kernels = [new FilesKernel(kernel.ImagePath, kernel.ModulesDirectory, kernel.Version)],
        };
    }

    private Task<StoredImage> Build(ImageStore store, Recipe recipe)
    {
        ImageBuilder builder = new(store, FakeKernel.Init, new SilentProgress()) { Cache = new BuildCache(_directory.File("cache")) };
        return builder.BuildAsync(recipe, TestContext.Current.CancellationToken);
    }
}
