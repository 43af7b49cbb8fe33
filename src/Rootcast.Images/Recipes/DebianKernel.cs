namespace Rootcast.Images.Recipes;

/// <summary>A kernel out of a Debian archive.</summary>
/// <param name="Package"><c>cloud</c>, <c>generic</c>, or the name of a package: one with a kernel, or one that depends on it.</param>
/// <param name="Suite">Of which suite; null for that of the source, else that of the host.</param>
public sealed record DebianKernel(string Package, RecipeText? Suite = null) : RecipeKernel
{
    /// <summary>Packages whose modules are built for it (dkms(8)): <c>zfs-dkms</c>.</summary>
    public IReadOnlyList<RecipeText> Dkms { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"debian {Package}{(Dkms.Count == 0 ? "" : $" with {string.Join(", ", Dkms)}")}";
}
