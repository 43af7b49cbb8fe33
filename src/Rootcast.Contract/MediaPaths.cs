namespace Rootcast.Contract;

/// <summary>Where an artefact lies on a medium (ISO, USB stick, partition), so that <c>/init</c> finds it on any file system that it is plugged in
/// with, by nothing but its identity.</summary>
public static class MediaPaths
{
    /// <summary>Directory of artefacts at the root of the medium's file system.</summary>
    public const string Artefacts = "/rootcast";

    /// <summary>Path of an artefact: <c>/rootcast/</c> and the 64 digits of its SHA-256. Absolute on the medium.</summary>
    public static string Of(ArtefactIdentity artefact) => $"{Artefacts}/{artefact.Digest["sha256:".Length..]}";
}
