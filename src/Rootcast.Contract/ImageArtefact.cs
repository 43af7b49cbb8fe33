namespace Rootcast.Contract;

/// <summary>The artefact of one form.</summary>
/// <param name="Form">Which form.</param>
/// <param name="Blob">The artefact's bytes.</param>
/// <param name="UnpackedBytes">See <see cref="ArtefactIdentity.UnpackedBytes"/>.</param>
/// <param name="Made">By which program of which version, and how compressed, in a line for people; null where it was not recorded.</param>
public sealed record ImageArtefact(Form Form, ImageBlob Blob, long UnpackedBytes, string? Made = null)
{
    /// <summary>What the boot plan says of it.</summary>
    public ArtefactIdentity Identity => new(Blob.Digest, Blob.Bytes, UnpackedBytes);
}
