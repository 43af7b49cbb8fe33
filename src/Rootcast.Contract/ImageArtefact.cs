namespace Rootcast.Contract;

/// <summary>The artefact of one form.</summary>
/// <param name="Form">Which form.</param>
/// <param name="Blob">The artefact's bytes.</param>
/// <param name="UnpackedBytes">See <see cref="ArtefactIdentity.UnpackedBytes"/>.</param>
/// <param name="Made">By which program of which version, and how compressed, in a line for people; null where it was not recorded.</param>
public sealed record ImageArtefact(Form Form, ImageBlob Blob, long UnpackedBytes, string? Made = null)
{
    /// <summary>On how many disks it goes: those of a pool stand in it one after another, all of one size.</summary>
    public int Disks { get; init; } = 1;

    /// <summary>Bytes of each of its disks, unpacked.</summary>
    public long DiskBytes => UnpackedBytes / Disks;

    /// <summary>What the boot plan says of it.</summary>
    public ArtefactIdentity Identity => new(Blob.Digest, Blob.Bytes, UnpackedBytes);
}
