using Rootcast.Formats;
using Rootcast.Formats.Kernels;
using Rootcast.Formats.Tree;
using Rootcast.Images.Trees;

namespace Rootcast.Images.Media;

/// <summary>What a tree is as a system: which init takes over, what it calls itself, its kernels.</summary>
internal static class TreeSystem
{
    private static readonly string[] Inits =
    [
        "init",
        "sbin/init",
        "lib/systemd/systemd",
        "usr/lib/systemd/systemd",
        "bin/busybox",
        "bin/sh",
    ];

    /// <summary>The init that /init of Rootcast hands over to, in words: <c>systemd (/sbin/init)</c>; null when there is none.</summary>
    internal static string? InitOf(FileTree tree)
    {
        foreach (string path in Inits)
        {
            const int anyoneMayExecute = 0x49;
            if (
                tree.Follow(UnixPath.From(path), out UnixPath real) is { Entry: { Kind: NodeKind.File } entry } node
                && (entry.Mode & anyoneMayExecute) != 0
            )
            {
                return $"{NameOf(tree, path, real.ToString(), node)} (/{path})";
            }
        }
        return null;
    }

    /// <summary>PRETTY_NAME of os-release(5); null without one.</summary>
    internal static string? NameOf(FileTree tree)
    {
        string? text = tree.ReadText("etc/os-release") ?? tree.ReadText("usr/lib/os-release");
        string? line = text?.Split('\n').FirstOrDefault(line => line.StartsWith("PRETTY_NAME=", StringComparison.Ordinal));
        return line?.Split('=', 2)[1].Trim('"', '\'', ' ') is { Length: > 0 } name ? name : null;
    }

    /// <summary>Versions of the kernels whose modules it has, and the directory of each.</summary>
    internal static IReadOnlyList<(string Version, UnixPath Directory)> ModulesOf(FileTree tree)
    {
        SortedDictionary<string, UnixPath> found = new(StringComparer.Ordinal);
        foreach (string place in (string[])["lib/modules/x", "usr/lib/modules/x"])
        {
            string parent = tree.Resolve(UnixPath.From(place)).ToString()[..^1];
            foreach ((UnixPath path, TreeInode node) in tree.Sorted())
            {
                string text = path.ToString();
                if (
                    node.Entry.Kind == NodeKind.Directory
                    && text.StartsWith(parent, StringComparison.Ordinal)
                    && !text.AsSpan(parent.Length).Contains('/')
                    && tree.Find(UnixPath.From($"{text}/kernel")) is not null
                )
                {
                    found.TryAdd(text[parent.Length..], path);
                }
            }
        }
        return [.. found.Select(pair => (pair.Key, pair.Value))];
    }

    /// <summary>Whether a file of a system may be a kernel: where the distributions put them.</summary>
    internal static bool IsKernelPlace(UnixPath path)
    {
        string text = path.ToString();
        return text.StartsWith("boot/", StringComparison.Ordinal)
            || text.Contains("lib/modules/", StringComparison.Ordinal) && text.EndsWith("/vmlinuz", StringComparison.Ordinal);
    }

    /// <summary>The version of a kernel image, by its first bytes.</summary>
    internal static string? KernelVersion(MediaExtent extent) => KernelImage.VersionOf(extent.Read(0, KernelImage.BytesNeeded));

    private static string NameOf(FileTree tree, string path, string real, TreeInode node)
    {
        string file = real[(real.LastIndexOf('/') + 1)..];
        if (file is "systemd" or "busybox" or "openrc-init" or "runit-init" or "dinit" or "s6-svscan")
        {
            return file;
        }
        if (path.EndsWith("init", StringComparison.Ordinal) && tree.Find(UnixPath.From("etc/inittab")) is not null && !IsScript(node))
        {
            return "sysvinit";
        }
        return IsScript(node) ? "script" : file;
    }

    private static bool IsScript(TreeInode node)
    {
        const int longestScript = 1 << 20;
        return node.Entry.Size is > 2 and < longestScript && node.Data?.ReadAll(node.Entry) is [(byte)'#', (byte)'!', ..];
    }
}
