using FsCheck;
using FsCheck.Fluent;
using Rootcast.Contract;
using Rootcast.Images.Store;

namespace Rootcast.Tests;

public sealed class DamagedStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ImageStore _store;
    private readonly StoredImage _image;

    public DamagedStoreTests()
    {
        _store = ImageStore.Open(_directory.File("store"));
        _image = _store.Publish(StoreSample.Put(_store));
    }

    private string Index => Path.Combine(_store.Directory, "index.json");

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{\"schemaVersion\":2}")]
    [InlineData("{\"manifests\":null}")]
    [InlineData("{\"manifests\":[null]}")]
    [InlineData("{\"manifests\":[{\"digest\":null,\"size\":1}]}")]
    [InlineData("{\"manifests\":[{\"digest\":\"x\",\"size\":\"many\"}]}")]
    public void A_damaged_index_is_told_with_what_to_do(string content)
    {
        File.WriteAllText(Index, content);
        UserError error = Assert.Throws<UserError>(() => _store.Get("try"));
        Assert.Contains("index.json is damaged", error.Message, StringComparison.Ordinal);
        Assert.Contains("mv ", error.Hint, StringComparison.Ordinal);
        Assert.Throws<UserError>(() => _store.List());
        Assert.Throws<UserError>(() => _store.CollectGarbage());
        Assert.Throws<UserError>(() => _store.Publish(StoreSample.Put(_store, "new")));
        Assert.Equal(content, File.ReadAllText(Index));
    }

    [Fact]
    public void An_index_beyond_the_bound_is_not_read()
    {
        using (FileStream file = File.OpenWrite(Index))
        {
            file.SetLength(1L << 40);
        }
        Assert.Contains("more than", Assert.Throws<UserError>(() => _store.List()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_manifest_is_refused_listed_with_its_problem_and_can_be_removed()
    {
        string path = Path.Combine(_store.Directory, "blobs/sha256", _image.Digest[7..]);
        byte[] content = File.ReadAllBytes(path);
        content[^10] ^= 1;
        File.WriteAllBytes(path, content);
        Assert.Contains("was changed", Assert.Throws<UserError>(() => _store.Get("try")).Message, StringComparison.Ordinal);
        StoreEntry entry = Assert.Single(_store.List());
        Assert.Null(entry.Manifest);
        Assert.NotNull(entry.Problem);
        Assert.Throws<UserError>(() => _store.CollectGarbage());
        Assert.Equal("try", _store.Remove("try"));
        Assert.True(_store.CollectGarbage().Blobs > 0);
    }

    [Fact]
    public void A_short_or_missing_blob_is_told()
    {
        ImageBlob blob = _image.Manifest.Initramfs;
        string path = _store.PathOf(blob);
        File.WriteAllText(path, "short");
        Assert.Contains("instead of 9", Assert.Throws<UserError>(() => _store.PathOf(blob)).Message, StringComparison.Ordinal);
        File.Delete(path);
        Assert.Contains("missing", Assert.Throws<UserError>(() => _store.PathOf(blob)).Message, StringComparison.Ordinal);
        // Building again mends it.
        _store.Publish(StoreSample.Put(_store));
        Assert.Equal("initramfs", File.ReadAllText(_store.PathOf(blob)));
    }

    [Fact]
    public void A_digest_cannot_lead_out_of_the_store()
    {
        File.WriteAllText(
            Index,
            "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"artifactType\":\"application/vnd.rootcast.image.v1\",\"digest\":\"sha256:../../../../etc/passwd\",\"size\":3,\"annotations\":{\"org.opencontainers.image.ref.name\":\"try\"}}]}"
        );
        Assert.Contains("not a SHA-256 digest", Assert.Throws<UserError>(() => _store.Get("try")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_with_other_files_is_no_store()
    {
        string other = _directory.File("other");
        _directory.Write("other/letter.txt", "dear");
        Assert.Throws<UserError>(() => ImageStore.Open(other));
        Assert.Equal(["letter.txt"], Directory.EnumerateFileSystemEntries(other).Select(Path.GetFileName));
    }

    [Fact]
    public void Documents_never_crash_the_reader()
    {
        byte[] index = File.ReadAllBytes(Index);
        byte[] manifest = File.ReadAllBytes(Path.Combine(_store.Directory, "blobs/sha256", _image.Digest[7..]));
        Gen<(int At, byte Value, int Length)> damage =
            from at in Gen.Choose(0, manifest.Length - 1)
            from value in Gen.Choose(0, 255)
            from length in Gen.Choose(0, manifest.Length)
            select (at, (byte)value, length);
        Prop.ForAll(
                damage.ToArbitrary(),
                d =>
                {
                    foreach (byte[] whole in (byte[][])[index, manifest])
                    {
                        byte[] content = [.. whole.Take(d.Length)];
                        if (content.Length > 0)
                        {
                            content[d.At % content.Length] = d.Value;
                        }
                        Tolerate(() => OciDocuments.ReadIndex(content));
                        Tolerate(() => OciMapping.FromManifest("x", OciDocuments.ReadManifest(content)));
                        byte[] full = [.. whole];
                        full[d.At % full.Length] = d.Value;
                        Tolerate(() => OciDocuments.ReadIndex(full));
                        Tolerate(() => OciMapping.FromManifest("x", OciDocuments.ReadManifest(full)));
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

        static void Tolerate(Action read)
        {
            try
            {
                read();
            }
            catch (InvalidDataException)
            {
                // The only thing that a reader may throw.
            }
        }
    }
}
