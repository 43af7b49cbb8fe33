using Rootcast.Contract;
using Rootcast.Images.Store;

namespace Rootcast.Cli.Data;

/// <summary>An image, as <c>images --json</c> and <c>inspect --json</c> print it.</summary>
internal sealed record ImageData(
    string Name,
    string Digest,
    DateTimeOffset? Created,
    string? Source,
    IReadOnlyList<KernelData> Kernels,
    BlobData? Initramfs,
    IReadOnlyList<ArtefactData> Artefacts,
    string? Problem
)
{
    /// <summary>Bytes of all its blobs in the store.</summary>
    public long Bytes =>
        Kernels.Sum(kernel => kernel.Blob.Bytes) + (Initramfs?.Bytes ?? 0) + Artefacts.Sum(artefact => artefact.Blob.Bytes);

    public static ImageData Of(StoredImage image) => Of(image.Manifest.Name, image.Digest, image.Manifest, null);

    public static ImageData Of(StoreEntry entry) => Of(entry.Tag, entry.Digest, entry.Manifest, entry.Problem);

    private static ImageData Of(string name, string digest, ImageManifest? image, string? problem) =>
        new(
            name,
            digest,
            image?.Created,
            image?.Source,
            [.. (image?.Kernels ?? []).Select(kernel => new KernelData(kernel.Version, BlobData.Of(kernel.Blob)))],
            image is null ? null : BlobData.Of(image.Initramfs),
            [
                .. (image?.Artefacts ?? []).Select(artefact => new ArtefactData(
                    Names.Of(artefact.Form),
                    BlobData.Of(artefact.Blob),
                    artefact.UnpackedBytes
                )),
            ],
            problem
        );
}
