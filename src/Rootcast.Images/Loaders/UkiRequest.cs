using Rootcast.Contract;
using Rootcast.Images.Boot;

namespace Rootcast.Images.Loaders;

/// <summary>Which unified kernel image is to be made.</summary>
public sealed record UkiRequest
{
    /// <summary>The image.</summary>
    public required ImageManifest Image { get; init; }

    /// <summary>What it boots: form, carrier, kernel and further arguments.</summary>
    public required BootRequest Boot { get; init; }

    /// <summary>Private key (PEM) that signs it; null for none.</summary>
    public string? KeyPath { get; init; }

    /// <summary>Certificate (PEM) of that key.</summary>
    public string? CertificatePath { get; init; }
}
