namespace Rootcast.Lab.Measuring;

/// <summary>The artefact of one form.</summary>
/// <param name="Form">Name of the form.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="UnpackedBytes">See <see cref="Contract.ArtefactIdentity.UnpackedBytes"/>.</param>
/// <param name="Made">See <see cref="Contract.ImageArtefact.Made"/>.</param>
public sealed record MeasuredArtefact(string Form, long Bytes, long UnpackedBytes, string? Made = null);
