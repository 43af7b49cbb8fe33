namespace Rootcast.Contract;

/// <summary>One image: a tree cast, with what is needed to boot it. Kept in the store as an OCI artifact; every blob is named by its digest.</summary>
public sealed record ImageManifest
{
    /// <summary>Tag in the store, lower case: <c>try</c>, <c>web:3</c>.</summary>
    public required string Name { get; init; }

    /// <summary>When the image was made, from SOURCE_DATE_EPOCH where that is set.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The recipe's source in one line, for people.</summary>
    public required string Source { get; init; }

    /// <summary>Kernels; the first one boots unless another is asked for.</summary>
    public required IReadOnlyList<ImageKernel> Kernels { get; init; }

    /// <summary>The base initramfs segment with the modules of every kernel.</summary>
    public required ImageBlob Initramfs { get; init; }

    /// <summary>One artefact a form.</summary>
    public required IReadOnlyList<ImageArtefact> Artefacts { get; init; }

    /// <summary>What pulled each file and module into the initramfs, for <c>rootcast initramfs why</c>; null where it was not recorded.</summary>
    public ImageBlob? InitramfsReasons { get; init; }
}
