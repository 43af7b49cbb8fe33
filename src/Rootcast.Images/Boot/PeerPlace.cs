namespace Rootcast.Images.Boot;

/// <summary>Where the artefact is for the initramfs of others.</summary>
/// <param name="Url">Fetched from there.</param>
/// <param name="Device">On that device: <c>LABEL=…</c>, <c>UUID=…</c>, <c>/dev/…</c>.</param>
/// <param name="Path">The file on the device, or in the initramfs when neither URL nor device is given.</param>
public sealed record PeerPlace(string? Url, string? Device, string? Path);
