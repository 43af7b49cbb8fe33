using Rootcast.Contract;
using Rootcast.Images.Progress;
using Rootcast.Images.Store;
using Rootcast.Server.Site;

namespace Rootcast.Tests;

public sealed class StaticExportTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private readonly ImageStore store;

    public StaticExportTests()
    {
        store = ImageStore.Open(folder.File("store"));
        store.Publish(StoreSample.Put(store));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Tree => folder.File("www");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task TheTreeHasWhatItsScriptsName()
    {
        IReadOnlyList<string> scripts = await Export(new BootSiteOptions(), "http://www.example.org/boot/");
        Assert.Equal(["boot.ipxe", "squashfs.ipxe", "tmpfs.ipxe"], scripts.Select(Path.GetFileName));
        foreach (string script in scripts)
        {
            string[] urls =
            [
                .. (await File.ReadAllTextAsync(script, Cancellation))
                    .Split([' ', '\n', '='])
                    .Where(word => word.StartsWith("http://", StringComparison.Ordinal)),
            ];
            Assert.Equal(3, urls.Length);
            Assert.All(urls, url => Assert.True(File.Exists(Path.Combine(Tree, url["http://www.example.org/boot/".Length..])), url));
        }
        Judge.Run("env", ["-C", Tree, "sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]);
        Assert.Empty(Directory.GetFiles(Tree, "*.new", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task WhatInitFetchesNeedsAUrl()
    {
        UserError error = await Assert.ThrowsAsync<UserError>(() => Export(new BootSiteOptions(), null));
        Assert.Contains("--url", error.Hint, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Tree));
    }

    [Fact]
    public async Task CarrierInitrdIsOneFileAndTheArticlesScriptIsThere()
    {
        BootSiteOptions options = new() { Form = Form.Tmpfs, Carrier = Carrier.Initrd };
        IReadOnlyList<string> scripts = await Export(options, null);
        Assert.Equal(["boot.ipxe", "el6.ipxe", "tmpfs.ipxe"], scripts.Select(Path.GetFileName));
        // Relative to the script, so that the directory can lie anywhere.
        Assert.Contains(
            "kernel --name vmlinuz blobs/sha256/",
            await File.ReadAllTextAsync(scripts[0], Cancellation),
            StringComparison.Ordinal
        );
        Assert.Single(Directory.GetFiles(Path.Combine(Tree, "blobs", "sha256")));
        Assert.Single(Directory.GetFiles(Path.Combine(Tree, "images"), "initrd.img", SearchOption.AllDirectories));
        Judge.Run("env", ["-C", Tree, "sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]);
    }

    [Fact]
    public async Task AnotherExportKeepsTheFilesOfTheOneBefore()
    {
        await Export(new BootSiteOptions(), "http://x/");
        string before = await File.ReadAllTextAsync(Path.Combine(Tree, "boot.ipxe"), Cancellation);
        store.Publish(StoreSample.Put(store, content: "two"));
        await Export(new BootSiteOptions(), "http://x/");
        Assert.NotEqual(before, await File.ReadAllTextAsync(Path.Combine(Tree, "boot.ipxe"), Cancellation));
        Assert.Equal(6, Directory.GetFiles(Path.Combine(Tree, "blobs", "sha256")).Length);
    }

    private Task<IReadOnlyList<string>> Export(BootSiteOptions options, string? root) =>
        new StaticExport(store, options, root).WriteAsync(Tree, new SilentProgress(), Cancellation);
}
