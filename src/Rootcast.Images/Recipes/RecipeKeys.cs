namespace Rootcast.Images.Recipes;

/// <summary>Every key that a recipe may have, by the mapping that it stands in; <c>[]</c> is an item of a list.</summary>
public static class RecipeKeys
{
    private static readonly Dictionary<string, string[]> Known = new(StringComparer.Ordinal)
    {
        [""] = ["name", "source", "kernels", "forms", "initramfs", "hostname", "root", "files", "scripts"],
        ["source"] = ["debian", "directory", "tar"],
        ["source.debian"] = ["suite", "packages", "components", "mirror", "extra-sources", "keys"],
        ["kernels[]"] = ["debian", "suite", "files"],
        ["kernels[].files"] = ["image", "modules", "version"],
        ["initramfs"] = ["sets", "modules", "firmware", "busybox", "compress", "files"],
        ["initramfs.files[]"] = ["from", "path"],
        ["root"] = ["password-hash", "ssh-keys"],
        ["files[]"] = ["path", "content", "from", "mode", "owner", "group"],
        ["scripts[]"] = ["file"],
    };

    /// <summary>Every key with its path: <c>source.debian.suite</c>, <c>files[].mode</c>.</summary>
    public static IEnumerable<string> All =>
        Known.SelectMany(pair => pair.Value.Select(key => pair.Key.Length > 0 ? $"{pair.Key}.{key}" : key));

    /// <summary>The keys of the mapping at a path.</summary>
    internal static IReadOnlyList<string> Of(string path) => Known[path];
}
