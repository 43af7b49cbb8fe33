using Rootcast.Contract;

namespace Rootcast.Images.Initrds;

/// <summary>What an initrd is to be assembled of.</summary>
public sealed record InitrdRequest
{
    /// <summary>The image, for its base segment and its artefacts; null for none.</summary>
    public ImageManifest? Image { get; init; }

    /// <summary>Another base segment than the image's; null for none.</summary>
    public string? BasePath { get; init; }

    /// <summary>Files of microcode, or <see cref="Host"/> for those of this host.</summary>
    public IReadOnlyList<string> Microcode { get; init; } = [];

    /// <summary>Which form the boot plan names; null takes that of <see cref="Payload"/>, and without that there is no plan.</summary>
    public Form? Form { get; init; }

    /// <summary>A form of the image, or a file; null for no payload.</summary>
    public string? Payload { get; init; }

    /// <summary>Arguments that the plan segment has beside the plan's own.</summary>
    public KernelArguments Arguments { get; init; } = KernelArguments.Empty;

    /// <summary>Node directories, files of kernel arguments, segments.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>What stands for this host's own microcode.</summary>
    public const string Host = "host";
}
