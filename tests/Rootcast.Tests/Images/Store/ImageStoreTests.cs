using System.Text.Json;
using Rootcast.Contract;
using Rootcast.Images.Store;

namespace Rootcast.Tests;

public sealed class ImageStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ImageStore _store;

    public ImageStoreTests() => _store = ImageStore.Open(_directory.File("store"));

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_published_image_is_found_by_name_and_by_digest()
    {
        ImageManifest image = StoreSample.Put(_store);
        StoredImage stored = _store.Publish(image);
        foreach (string reference in (string[])["try", stored.Digest, stored.Digest[..14], stored.Digest[7..15]])
        {
            StoredImage found = _store.Get(reference);
            Assert.Equal(stored.Digest, found.Digest);
            Assert.Equal(image.Kernels, found.Manifest.Kernels);
            Assert.Equal(image.Artefacts, found.Manifest.Artefacts);
            Assert.Equal(image.Initramfs, found.Manifest.Initramfs);
            Assert.Equal(image.InitramfsReasons, found.Manifest.InitramfsReasons);
            Assert.Equal((image.Name, image.Source, image.Created), (found.Manifest.Name, found.Manifest.Source, found.Manifest.Created));
        }
        Assert.Equal("tmpfs one", File.ReadAllText(_store.PathOf(image.Artefacts[0].Blob)));
    }

    [Fact]
    public void Skopeo_reads_it()
    {
        Judge.Needs("skopeo");
        StoredImage stored = _store.Publish(StoreSample.Put(_store, "web:3"));
        string output = Judge.Run("skopeo", ["inspect", $"oci:{_store.Directory}:web:3"]);
        using JsonDocument inspected = JsonDocument.Parse(output);
        Assert.Equal(stored.Digest, inspected.RootElement.GetProperty("Digest").GetString());
        Assert.Equal("tmpfs squashfs", inspected.RootElement.GetProperty("Labels").GetProperty("dev.rootcast.forms").GetString());
        Assert.Equal(6, inspected.RootElement.GetProperty("Layers").GetArrayLength());
    }

    [Fact]
    public void Skopeo_copies_it_whole()
    {
        Judge.Needs("skopeo");
        StoredImage stored = _store.Publish(StoreSample.Put(_store));
        string other = _directory.File("other");
        Judge.Run("skopeo", ["--insecure-policy", "copy", "-q", $"oci:{_store.Directory}:try", $"oci:{other}:moved"]);
        // Skopeo drops the artifact type from the index, and what it copies is no entry of ours; the blobs are all there.
        foreach (string blob in Directory.EnumerateFiles(Path.Combine(_store.Directory, "blobs/sha256")))
        {
            Assert.Equal(File.ReadAllBytes(blob), File.ReadAllBytes(Path.Combine(other, "blobs/sha256", Path.GetFileName(blob))));
        }
        Assert.True(File.Exists(Path.Combine(other, "blobs/sha256", stored.Digest[7..])));
    }

    [Fact]
    public void Names_of_a_view_are_its_own()
    {
        using TemporaryDirectory folder = new();
        ImageStore store = ImageStore.Open(folder.File("store"));
        StoredImage image = store.Publish(StoreSample.Put(store));
        ImageStore view = store.View(folder.File("view"));
        Assert.Equal("kernel", File.ReadAllText(view.PathOf(view.Get("try").Manifest.Kernels[0].Blob)));
        view.Remove("try");
        Assert.Empty(view.List());
        Assert.Equal(image.Digest, store.Get("try").Digest);
    }

    [Fact]
    public void A_second_image_of_the_name_replaces_the_first_and_others_stay()
    {
        _store.Publish(StoreSample.Put(_store, "other"));
        StoredImage first = _store.Publish(StoreSample.Put(_store));
        StoredImage second = _store.Publish(StoreSample.Put(_store, content: "two"));
        Assert.NotEqual(first.Digest, second.Digest);
        Assert.Equal(["other", "try"], _store.List().Select(entry => entry.Tag));
        Assert.Equal(second.Digest, _store.Get("try").Digest);
    }

    [Fact]
    public void An_image_that_differs_only_in_its_time_stays_as_it_is()
    {
        StoredImage first = _store.Publish(StoreSample.Put(_store));
        StoredImage again = _store.Publish(StoreSample.Put(_store) with { Created = DateTimeOffset.UtcNow });
        Assert.Equal(first.Digest, again.Digest);
        Assert.Equal(first.Manifest.Created, again.Manifest.Created);
    }

    [Fact]
    public void A_removed_image_leaves_nothing_after_collection_and_the_others_stay_whole()
    {
        ImageManifest kept = StoreSample.Put(_store, "kept", "two");
        _store.Publish(kept);
        ImageManifest removed = StoreSample.Put(_store);
        _store.Publish(removed);
        Assert.Equal("try", _store.Remove("try"));
        CollectedGarbage collected = _store.CollectGarbage();
        // Two artefacts, the manifest and its configuration.
        Assert.Equal(4, collected.Blobs);
        Assert.False(_store.Has(removed.Artefacts[0].Blob));
        Assert.All(kept.Artefacts, artefact => Assert.True(_store.Has(artefact.Blob)));
        Assert.Equal("kept", _store.Get("kept").Manifest.Name);
        Assert.Throws<UserError>(() => _store.Get("try"));
    }

    [Fact]
    public void Nothing_is_collected_while_a_build_holds_a_lease()
    {
        ImageBlob blob = _store.Put(StoreSample.Bytes("of a build"));
        using (_store.Lease())
        {
            using StoreLease second = _store.Lease();
            Assert.Throws<UserError>(() => _store.CollectGarbage());
            Assert.True(_store.Has(blob));
        }
        Assert.Equal(1, _store.CollectGarbage().Blobs);
    }

    [Fact]
    public void Images_of_others_in_the_layout_keep_their_entries_and_blobs()
    {
        Judge.Needs("skopeo");
        // An ordinary container image, made by hand: one that skopeo takes.
        ImageStore foreign = ImageStore.Open(_directory.File("foreign"));
        foreign.Publish(StoreSample.Put(foreign, "theirs", "theirs"));
        Judge.Run("skopeo", ["--insecure-policy", "copy", "-q", $"oci:{foreign.Directory}:theirs", $"oci:{_store.Directory}:theirs"]);
        _store.Publish(StoreSample.Put(_store));
        _store.Remove("try");
        _store.CollectGarbage();
        Judge.Run("skopeo", ["--insecure-policy", "copy", "-q", $"oci:{_store.Directory}:theirs", $"oci:{_directory.File("back")}:theirs"]);
    }

    [Fact]
    public void Records_count_while_their_blob_is_there()
    {
        ImageBlob blob = _store.Put(StoreSample.Bytes("cast"));
        ArtefactIdentity made = new(blob.Digest, blob.Bytes, 77);
        Assert.Null(_store.Recall("tree and options"));
        _store.Remember("tree and options", made);
        Assert.Equal(made, _store.Recall("tree and options"));
        Assert.Null(_store.Recall("tree and other options"));
        _store.CollectGarbage();
        Assert.Null(_store.Recall("tree and options"));
    }

    [Fact]
    public void A_file_is_moved_or_kept_as_asked()
    {
        string kept = _directory.Write("kept", "kept");
        string moved = _directory.Write("moved", "moved");
        ImageBlob one = _store.PutFile(kept, SourceFile.Kept, TestContext.Current.CancellationToken);
        ImageBlob two = _store.PutFile(moved, SourceFile.Moved, TestContext.Current.CancellationToken);
        Assert.True(File.Exists(kept));
        Assert.False(File.Exists(moved));
        Assert.Equal("kept", File.ReadAllText(_store.PathOf(one)));
        Assert.Equal(_store.Put(StoreSample.Bytes("moved")), two);
    }
}
