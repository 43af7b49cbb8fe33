namespace Rootcast.Formats.Modules;

/// <summary>A module that is a file.</summary>
/// <param name="Name">Normalised, see <see cref="ModuleName.Normalise"/>.</param>
/// <param name="Path">Relative to the directory of its kernel: <c>kernel/drivers/net/virtio_net.ko</c>.</param>
/// <param name="Dependencies">Names of the modules whose symbols it uses, all of them, as modules.dep lists them.</param>
public sealed record KernelModule(string Name, string Path, IReadOnlyList<string> Dependencies)
{
    /// <summary>Names that softdep wants loaded before it.</summary>
    public IReadOnlyList<string> Before { get; init; } = [];

    /// <summary>Names that softdep wants loaded after it.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>Names that it may ask for while it runs (weakdep): packed with it, not loaded with it.</summary>
    public IReadOnlyList<string> Weak { get; init; } = [];
}
