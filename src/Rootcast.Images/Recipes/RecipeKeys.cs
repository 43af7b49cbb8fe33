namespace Rootcast.Images.Recipes;

/// <summary>Every key that a recipe may have, by the mapping that it stands in; <c>[]</c> is an item of a list.</summary>
public static class RecipeKeys
{
    private static readonly string[] PoolKeys = ["pool", "layout", "disks", "size", "compression", "root", "properties", "datasets"];

    private static readonly Dictionary<string, string[]> Known = new(StringComparer.Ordinal)
    {
        [""] = ["name", "source", "kernels", "forms", "initramfs", "root-daemons", "hostname", "root", "files", "scripts"],
        ["source"] = ["debian", "directory", "tar", "media"],
        ["source.debian"] = ["suite", "packages", "components", "mirror", "extra-sources", "keys"],
        ["source.media"] = ["file", "partition"],
        ["kernels[]"] = ["debian", "suite", "dkms", "files", "media"],
        ["kernels[].media"] = ["image", "version"],
        ["kernels[].files"] = ["image", "modules", "version"],
        ["forms[]"] = ["ramdisk", "livefs", "squashfs", "erofs", "zram", "disk", "zfs", "zfs-fuse"],
        ["forms[].zfs"] = PoolKeys,
        ["forms[].zfs-fuse"] = PoolKeys,
        ["forms[].disk"] = ["filesystem", "size"],
        ["forms[].ramdisk"] = ["size"],
        ["forms[].livefs"] = ["filesystem", "size", "compressor", "level", "block"],
        ["forms[].squashfs"] = ["compressor", "level", "block"],
        ["forms[].zram"] = ["filesystem", "compressor", "size"],
        ["forms[].erofs"] = ["compressor", "level", "cluster", "mkfs"],
        ["initramfs"] = ["sets", "modules", "firmware", "microcode", "busybox", "compress", "files"],
        ["initramfs.files[]"] = ["from", "path"],
        ["root-daemons[]"] = ["name", "program", "arguments", "ready", "modules", "programs", "files", "stop"],
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
