using System.Globalization;
using Rootcast.Contract;

namespace Rootcast.Images.Store;

/// <summary>Between <see cref="ImageManifest"/> and the OCI documents that hold it. The name stays outside: it belongs to the index.</summary>
internal static class OciMapping
{
    private const string KernelRole = "kernel";
    private const string ConfigRole = "kernel-config";
    private const string InitramfsRole = "initramfs";
    private const string ReasonsRole = "initramfs-reasons";
    private const string ArtefactRole = "artefact";

    public static OciManifest ToManifest(ImageManifest image, OciDescriptor config) =>
        new()
        {
            MediaType = OciNames.ImageManifest,
            ArtifactType = OciNames.Artifact,
            Config = config,
            Layers = ToLayers(image),
            Annotations = new(StringComparer.Ordinal) { [OciNames.Created] = Time(image.Created), [OciNames.Source] = image.Source },
        };

    public static OciImageConfig ToConfig(ImageManifest image) =>
        new()
        {
            Created = Time(image.Created),
            Architecture = "amd64",
            Settings = new()
            {
                Labels = new(StringComparer.Ordinal)
                {
                    [OciNames.Source] = image.Source,
                    [OciNames.Kernels] = string.Join(' ', image.Kernels.Select(kernel => kernel.Version)),
                    [OciNames.Forms] = string.Join(' ', image.Artefacts.Select(artefact => Names.Of(artefact.Form))),
                },
            },
            // The specification wants one a layer: the digest of what is inside its compression. Ours are opaque, so they are their own.
            RootFs = new() { DiffIds = [.. ToLayers(image).Select(layer => layer.Digest)] },
        };

    /// <summary>Every blob that an image names.</summary>
    public static IEnumerable<ImageBlob> Blobs(ImageManifest image) => ToLayers(image).Select(Blob);

    /// <exception cref="InvalidDataException">It is not one of our images, or something an image needs is missing.</exception>
    public static ImageManifest FromManifest(string name, OciManifest manifest)
    {
        List<ImageKernel> kernels = [];
        List<ImageArtefact> artefacts = [];
        ImageBlob? initramfs = null;
        ImageBlob? reasons = null;
        foreach (OciDescriptor layer in manifest.Layers)
        {
            switch (layer.Annotation(OciNames.Role))
            {
                case KernelRole:
                    kernels.Add(new ImageKernel(Needed(layer, OciNames.KernelVersion), Blob(layer)));
                    break;
                // It stands behind its kernel.
                case ConfigRole
                    when kernels.FindIndex(kernel => kernel.Version == layer.Annotation(OciNames.KernelVersion)) is >= 0 and var of:
                    kernels[of] = kernels[of] with { Config = Blob(layer) };
                    break;
                case InitramfsRole:
                    initramfs = Blob(layer);
                    break;
                case ReasonsRole:
                    reasons = Blob(layer);
                    break;
                // A form that a later Rootcast added is not ours to boot, and no reason to refuse the others.
                case ArtefactRole when Names.FormOf(Needed(layer, OciNames.Form)) is { } form:
                    artefacts.Add(
                        new ImageArtefact(form, Blob(layer), Unpacked(layer), layer.Annotation(OciNames.Made)) { Disks = Disks(layer) }
                    );
                    break;
            }
        }
        if (kernels.Count == 0 || initramfs is null)
        {
            throw new InvalidDataException("the manifest has no kernel or no initramfs");
        }
        return new ImageManifest
        {
            Name = name,
            Created = Created(manifest),
            Source = manifest.Annotations?.GetValueOrDefault(OciNames.Source) ?? "",
            Kernels = kernels,
            Initramfs = initramfs,
            Artefacts = artefacts,
            InitramfsReasons = reasons,
        };
    }

    private static List<OciDescriptor> ToLayers(ImageManifest image)
    {
        List<OciDescriptor> layers = [];
        foreach (ImageKernel kernel in image.Kernels)
        {
            layers.Add(
                Layer(kernel.Blob, OciNames.Kernel, KernelRole, $"vmlinuz-{kernel.Version}", (OciNames.KernelVersion, kernel.Version))
            );
            if (kernel.Config is { } config)
            {
                layers.Add(
                    Layer(config, OciNames.KernelConfig, ConfigRole, $"config-{kernel.Version}", (OciNames.KernelVersion, kernel.Version))
                );
            }
        }
        layers.Add(Layer(image.Initramfs, OciNames.Initramfs, InitramfsRole, "initramfs.img"));
        if (image.InitramfsReasons is { } reasons)
        {
            layers.Add(Layer(reasons, OciNames.Reasons, ReasonsRole, "initramfs-reasons.txt"));
        }
        foreach (ImageArtefact artefact in image.Artefacts)
        {
            string form = Names.Of(artefact.Form);
            layers.Add(
                Layer(
                    artefact.Blob,
                    $"{OciNames.ArtefactPrefix}{form}.v1",
                    ArtefactRole,
                    ArtefactFiles.NameOf(artefact.Form),
                    (OciNames.Form, form),
                    (OciNames.UnpackedBytes, artefact.UnpackedBytes.ToString(CultureInfo.InvariantCulture)),
                    (OciNames.Made, artefact.Made),
                    (OciNames.Disks, artefact.Disks == 1 ? null : artefact.Disks.ToString(CultureInfo.InvariantCulture))
                )
            );
        }
        return layers;
    }

    private static OciDescriptor Layer(
        ImageBlob blob,
        string mediaType,
        string role,
        string title,
        params ReadOnlySpan<(string, string?)> more
    )
    {
        SortedDictionary<string, string> annotations = new(StringComparer.Ordinal) { [OciNames.Role] = role, [OciNames.Title] = title };
        foreach ((string name, string? value) in more)
        {
            if (value is not null)
            {
                annotations[name] = value;
            }
        }
        return new OciDescriptor
        {
            MediaType = mediaType,
            Digest = blob.Digest,
            Size = blob.Bytes,
            Annotations = annotations,
        };
    }

    private static ImageBlob Blob(OciDescriptor descriptor) =>
        ArtefactIdentity.IsDigest(descriptor.Digest) && descriptor.Size >= 0
            ? new ImageBlob(descriptor.Digest, descriptor.Size)
            : throw new InvalidDataException($"'{descriptor.Digest}' of {descriptor.Size} bytes is not a SHA-256 digest and a length");

    private static string Needed(OciDescriptor layer, string annotation) =>
        layer.Annotation(annotation) ?? throw new InvalidDataException($"the layer {layer.Digest} has no annotation {annotation}");

    private static long Unpacked(OciDescriptor layer)
    {
        string text = Needed(layer, OciNames.UnpackedBytes);
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)
            ? bytes
            : throw new InvalidDataException(
                $"the layer {layer.Digest} has {OciNames.UnpackedBytes} '{text}', which is not a number of bytes"
            );
    }

    private static int Disks(OciDescriptor layer)
    {
        const int most = 1024;
        return layer.Annotation(OciNames.Disks) is not { } text ? 1
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int disks) && disks is > 0 and <= most ? disks
            : throw new InvalidDataException($"the layer {layer.Digest} has {OciNames.Disks} '{text}', which is no number of disks");
    }

    private static DateTimeOffset Created(OciManifest manifest)
    {
        string text = manifest.Annotations?.GetValueOrDefault(OciNames.Created) ?? "";
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : throw new InvalidDataException($"the manifest has {OciNames.Created} '{text}', which is not a time");
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
