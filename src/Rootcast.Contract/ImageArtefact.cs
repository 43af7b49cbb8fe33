namespace Rootcast.Contract;

/// <summary>The artefact of one form.</summary>
/// <param name="Form">Which form.</param>
/// <param name="Blob">The artefact's bytes.</param>
/// <param name="UnpackedBytes">See <see cref="ArtefactIdentity.UnpackedBytes"/>.</param>
public sealed record ImageArtefact(Form Form, ImageBlob Blob, long UnpackedBytes)
{
    /// <summary>What the boot plan says of it.</summary>
    public ArtefactIdentity Identity => new(Blob.Digest, Blob.Bytes, UnpackedBytes);
}
