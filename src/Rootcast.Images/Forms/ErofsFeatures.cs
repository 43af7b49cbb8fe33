using System.Globalization;
using Rootcast.Contract;

namespace Rootcast.Images.Forms;

/// <summary>What mkfs.erofs is told: the best that both the kernel can read and the program can write. Pure.</summary>
internal static class ErofsFeatures
{
    private const int Cluster = 64 << 10;

    // fs/erofs/Kconfig and the merges of each feature; the versions of erofs-utils are those of its ChangeLog.
    private static readonly Version BigClusters = new(5, 13);
    private static readonly (string Name, Version Kernel, Version Program)[] Extended =
    [
        ("ztailpacking", new(5, 17), new(1, 5)),
        ("fragments", new(6, 1), new(1, 6)),
        ("dedupe", new(6, 1), new(1, 6)),
    ];

    /// <summary>The arguments for compression.</summary>
    /// <param name="options">What the recipe says.</param>
    /// <param name="kernel">The oldest kernel that is to read it.</param>
    /// <param name="program">Version of mkfs.erofs.</param>
    /// <exception cref="UserError">The recipe asks for what that kernel cannot read.</exception>
    public static IReadOnlyList<string> Arguments(ErofsOptions options, Version kernel, Version program)
    {
        Version needed = ErofsOptions.Compressors[options.Compressor].Kernel;
        Require(kernel, needed, $"compressor {options.Compressor}", "lz4hc is read by every kernel with EROFS.");
        if (options.ClusterBytes > ErofsOptions.SmallestCluster)
        {
            Require(kernel, BigClusters, $"a cluster of {options.ClusterBytes} bytes", "Leave 'cluster' out.");
        }
        string level = options.Level is { } number ? "," + Text(number) : "";
        List<string> arguments = [$"-z{options.Compressor}{level}"];
        int cluster = options.ClusterBytes ?? (kernel >= BigClusters ? Cluster : ErofsOptions.SmallestCluster);
        arguments.Add($"-C{Text(cluster)}");
        string[] extended = [.. Extended.Where(one => kernel >= one.Kernel && program >= one.Program).Select(one => one.Name)];
        if (extended.Length > 0)
        {
            arguments.Add($"-E{string.Join(',', extended)}");
        }
        return arguments;
    }

    /// <summary>The first two numbers of a version: of <c>6.1.0-18-cloud-amd64</c>, of <c>mkfs.erofs 1.5</c>. Null when there are none.</summary>
    public static Version? ReadVersion(string text)
    {
        int start = text.AsSpan().IndexOfAnyInRange('0', '9');
        if (start < 0)
        {
            return null;
        }
        string[] parts = text[start..].Split('.', 3);
        int end = parts.Length < 2 ? 0 : parts[1].AsSpan().IndexOfAnyExceptInRange('0', '9');
        string minor =
            parts.Length < 2 ? "0"
            : end < 0 ? parts[1]
            : parts[1][..end];
        return
            int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major)
            && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out int second)
            ? new Version(major, second)
            : null;
    }

    private static void Require(Version kernel, Version needed, string what, string hint)
    {
        if (kernel < needed)
        {
            throw new UserError(
                $"form erofs: Linux {kernel} cannot read {what}; {needed} is the first that can.",
                hint,
                UserErrorKind.Input
            );
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
