using Rootcast.Contract;
using Rootcast.Images.Store;
using Rootcast.Linux.Mounts;

namespace Rootcast.Tests;

/// <summary>A store on a file system without room.</summary>
public sealed class FullStoreTests : IDisposable
{
    private readonly string _directory;

    public FullStoreTests()
    {
        Host.NeedsRoot();
        _directory = Directory.CreateTempSubdirectory("rootcast-full").FullName;
        Mounting.Mount("tmpfs", "test", _directory, MountFlags.NoSuid, "size=1M,mode=0700");
    }

    public void Dispose()
    {
        Mounting.Unmount(_directory);
        Directory.Delete(_directory);
    }

    [Fact]
    public void A_full_disk_is_told_and_leaves_the_old_image_and_nothing_half_written()
    {
        ImageStore store = ImageStore.Open(Path.Combine(_directory, "store"));
        StoredImage old = store.Publish(Image(store, 100_000));
        UserError error = Assert.Throws<UserError>(() => store.Publish(Image(store, 2_000_000)));
        Assert.Contains("is full", error.Message, StringComparison.Ordinal);
        Assert.Contains("ROOTCAST_STORE", error.Hint, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(store.Directory, ".rootcast/temporary")));
        Assert.Equal(old.Digest, store.Get("try").Digest);
        Assert.All(store.Get("try").Manifest.Artefacts, artefact => store.PathOf(artefact.Blob));
        Assert.Equal(0, store.CollectGarbage().Temporaries);
    }

    [Fact]
    public void An_index_that_does_not_fit_leaves_the_old_one()
    {
        ImageStore store = ImageStore.Open(Path.Combine(_directory, "store"));
        StoredImage old = store.Publish(Image(store, 1000));
        ImageManifest next = Image(store, 2000);
        string ballast = Path.Combine(_directory, "ballast");
        using (FileStream file = File.Create(ballast))
        {
            byte[] page = new byte[4096];
            try
            {
                while (true)
                {
                    file.Write(page);
                    file.Flush();
                }
            }
            catch (IOException)
            {
                // Full, as wished.
            }
        }
        Assert.Throws<UserError>(() => store.Publish(next));
        Assert.Equal(old.Digest, store.Get("try").Digest);
        File.Delete(ballast);
        Assert.NotEqual(old.Digest, store.Publish(next).Digest);
    }

    private static ImageManifest Image(ImageStore store, int bytes) =>
        new()
        {
            Name = "try",
            Created = DateTimeOffset.UnixEpoch,
            Source = "test",
            Kernels = [new ImageKernel("6.1", store.Put("kernel"u8))],
            Initramfs = store.Put("initramfs"u8),
            Artefacts = [new ImageArtefact(Form.Tmpfs, store.Put(new byte[bytes]), bytes)],
        };
}
