using Rootcast.Contract;
using Rootcast.Images.Store;

namespace Rootcast.Tests;

public sealed class InterruptedStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>A copy of the store's files at each step is what a kill at that step leaves on disk.</summary>
    [Fact]
    public void A_build_that_is_killed_at_any_step_leaves_the_old_image_or_the_new_one_whole()
    {
        ImageStore store = ImageStore.Open(_directory.File("store"));
        StoredImage old = store.Publish(StoreSample.Put(store));
        List<(StoreStep Step, string Directory)> killed = [];
        store.Faults = step =>
        {
            string copy = _directory.File($"killed-{killed.Count}");
            Copy(store.Directory, copy);
            killed.Add((step, copy));
        };
        StoredImage made = store.Publish(StoreSample.Put(store, content: "two"));
        Assert.Equal(Enum.GetValues<StoreStep>(), killed.Select(at => at.Step).Distinct().Order());
        int newSeen = 0;
        foreach ((StoreStep step, string directory) in killed)
        {
            ImageStore left = ImageStore.Open(directory);
            left.CollectGarbage();
            StoredImage found = left.Get("try");
            Assert.Equal(step == StoreStep.IndexNamed ? made.Digest : old.Digest, found.Digest);
            newSeen += found.Digest == made.Digest ? 1 : 0;
            Assert.All(found.Manifest.Artefacts, artefact => left.PathOf(artefact.Blob));
            left.PathOf(found.Manifest.Initramfs);
            Assert.Empty(Directory.EnumerateFiles(Path.Combine(directory, ".rootcast/temporary")));
            // And the next build goes through.
            Assert.Equal(made.Digest, left.Publish(StoreSample.Put(left, content: "two")).Digest);
        }
        Assert.Equal(1, newSeen);
    }

    [Fact]
    public void A_failure_at_any_step_leaves_no_temporary()
    {
        foreach (StoreStep step in Enum.GetValues<StoreStep>())
        {
            ImageStore store = ImageStore.Open(_directory.File($"store-{step}"));
            store.Faults = at =>
            {
                if (at == step)
                {
                    throw new IOException("no space", 28);
                }
            };
            UserError error = Assert.Throws<UserError>(() => store.Publish(StoreSample.Put(store)));
            Assert.Contains("is full", error.Message, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFiles(Path.Combine(store.Directory, ".rootcast/temporary")));
        }
    }

    [Fact]
    public void What_a_killed_cast_had_unpacked_goes_with_the_next_collection()
    {
        ImageStore store = ImageStore.Open(_directory.File("store"));
        _directory.Write("store/.rootcast/temporary/rootcast-x/tree/etc/passwd", "root");
        _directory.Write("store/.rootcast/temporary/half", "half");
        Assert.Equal(2, store.CollectGarbage().Temporaries);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(store.Directory, ".rootcast/temporary")));
    }

    [Fact]
    public void Cancelling_while_a_blob_is_written_leaves_nothing()
    {
        ImageStore store = ImageStore.Open(_directory.File("store"));
        using CancellationTokenSource source = new();
        source.Cancel();
        using MemoryStream content = new(new byte[5 << 20]);
        Assert.Throws<OperationCanceledException>(() => store.Put(content, source.Token));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(store.Directory, "blobs/sha256")));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(store.Directory, ".rootcast/temporary")));
    }

    [Fact]
    public async Task Builds_that_publish_at_the_same_time_lose_nothing()
    {
        string directory = _directory.File("store");
        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(i =>
                    Task.Run(() =>
                    {
                        ImageStore store = ImageStore.Open(directory);
                        store.Publish(StoreSample.Put(store, $"image-{i}", $"{i}"));
                    })
                )
        );
        ImageStore store = ImageStore.Open(directory);
        Assert.Equal(8, store.List().Count(entry => entry.Problem is null));
    }

    private static void Copy(string from, string to)
    {
        foreach (string path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            if (path.EndsWith(".lock", StringComparison.Ordinal))
            {
                // Held at the moment, and released by a kill.
                continue;
            }
            string target = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }
    }
}
