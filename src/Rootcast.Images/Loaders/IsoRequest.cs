using Rootcast.Contract;
using Rootcast.Images.Boot;

namespace Rootcast.Images.Loaders;

/// <summary>Which ISO is to be made.</summary>
public sealed record IsoRequest
{
    /// <summary>The image.</summary>
    public required ImageManifest Image { get; init; }

    /// <summary>The boots of its menu, the default first: form and carrier of each. Carrier <c>disk</c> finds the artefact on the ISO, carrier <c>initrd</c>
    /// has it in an initrd.</summary>
    public required IReadOnlyList<BootRequest> Boots { get; init; }

    /// <summary>Label of the volume: at most 32 of A-Z, 0-9 and _. Null for the image's name and eight digits of its content.</summary>
    public string? Label { get; init; }

    /// <summary>Time of everything on it, in seconds since 1970.</summary>
    public long Epoch { get; init; }
}
