namespace Rootcast.Images.Store;

/// <summary>Media types, annotations and file names: those of the OCI image specification 1.1 (image-layout.md, manifest.md, annotations.md) and ours.</summary>
internal static class OciNames
{
    public const string LayoutFile = "oci-layout";
    public const string LayoutVersion = "1.0.0";
    public const string IndexFile = "index.json";
    public const string BlobDirectory = "blobs/sha256";

    public const string ImageIndex = "application/vnd.oci.image.index.v1+json";
    public const string ImageManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string ImageConfig = "application/vnd.oci.image.config.v1+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json";

    public const string RefName = "org.opencontainers.image.ref.name";
    public const string Created = "org.opencontainers.image.created";
    public const string Title = "org.opencontainers.image.title";

    public const string Artifact = "application/vnd.rootcast.image.v1";
    public const string Kernel = "application/vnd.rootcast.kernel.v1";
    public const string KernelConfig = "application/vnd.rootcast.kernel.config.v1";
    public const string Initramfs = "application/vnd.rootcast.initramfs.v1";
    public const string Reasons = "application/vnd.rootcast.initramfs.reasons.v1";
    public const string ArtefactPrefix = "application/vnd.rootcast.artefact.";

    public const string Role = "dev.rootcast.role";
    public const string Form = "dev.rootcast.form";
    public const string KernelVersion = "dev.rootcast.kernel.version";
    public const string UnpackedBytes = "dev.rootcast.unpacked-bytes";
    public const string Made = "dev.rootcast.made";

    /// <summary>On how many disks an artefact goes, where that is not one.</summary>
    public const string Disks = "dev.rootcast.disks";
    public const string Source = "dev.rootcast.source";
    public const string Forms = "dev.rootcast.forms";
    public const string Kernels = "dev.rootcast.kernels";
}
