using Rootcast.Contract;

namespace Rootcast.Server.Site;

/// <summary>What machines get that do not ask for something else.</summary>
public sealed record BootSiteOptions
{
    /// <summary>Name or beginning of the digest of the only image that is served; null for all of the store, of which the newest is booted.</summary>
    public string? Image { get; init; }

    /// <summary>The form; null for the first of <see cref="BootChoice.Preference"/> that the image has.</summary>
    public Form? Form { get; init; }

    /// <summary>The carrier, <c>http</c> or <c>initrd</c>; null for <c>http</c> where it can bring the form.</summary>
    public Carrier? Carrier { get; init; }

    /// <summary>More kernel arguments.</summary>
    public KernelArguments Arguments { get; init; } = KernelArguments.Empty;
}
