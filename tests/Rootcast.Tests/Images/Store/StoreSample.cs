using Rootcast.Contract;
using Rootcast.Images.Store;

namespace Rootcast.Tests;

/// <summary>A small image whose blobs are in a store.</summary>
internal static class StoreSample
{
    public static ImageManifest Put(ImageStore store, string name = "try", string content = "one") =>
        new()
        {
            Name = name,
            Created = DateTimeOffset.UnixEpoch.AddYears(50),
            Source = "debian bookworm: systemd",
            Kernels = [new ImageKernel("6.1.0-1-test", store.Put(Bytes("kernel")), store.Put(Bytes("CONFIG_HZ=250")))],
            Initramfs = store.Put(Bytes("initramfs")),
            Artefacts =
            [
                new ImageArtefact(Form.Tmpfs, store.Put(Bytes("tmpfs " + content)), 1000),
                new ImageArtefact(Form.Squashfs, store.Put(Bytes("squashfs " + content)), 0, "mksquashfs 4.5.1, -comp zstd") { Disks = 3 },
            ],
            InitramfsReasons = store.Put(Bytes("reasons")),
        };

    public static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
