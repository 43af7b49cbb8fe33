using System.Globalization;
using Rootcast.Images.Tools;

namespace Rootcast.Images.Loaders;

/// <summary>A FAT file system that UEFI starts from, the same bytes for the same files.</summary>
public static class FatImage
{
    /// <summary>What is called.</summary>
    public static IReadOnlyList<string> Tools { get; } = ["mkfs.vfat", "mmd", "mcopy"];

    /// <summary>Makes it.</summary>
    /// <param name="path">The image; nothing is there yet.</param>
    /// <param name="label">At most eleven letters.</param>
    /// <param name="volumeId">Its serial number.</param>
    /// <param name="bytes">Its size, in whole KiB; null for what the files need.</param>
    /// <param name="files">Path in the image, and the file here.</param>
    /// <param name="epoch">Time of everything in it, in seconds since 1970.</param>
    /// <param name="options">More for mkfs.vfat: <c>-F 32</c>.</param>
    /// <param name="cancellation">Ends the programs.</param>
    public static async Task MakeAsync(
        string path,
        string label,
        uint volumeId,
        long? bytes,
        IReadOnlyList<(string Path, string File)> files,
        long epoch,
        IReadOnlyList<string> options,
        CancellationToken cancellation
    )
    {
        Dictionary<string, string?> variables = new(StringComparer.Ordinal)
        {
            ["SOURCE_DATE_EPOCH"] = epoch.ToString(CultureInfo.InvariantCulture),
            // FAT has local times.
            ["TZ"] = "UTC",
            ["MTOOLSRC"] = "/dev/null",
            ["MTOOLS_SKIP_CHECK"] = "1",
        };
        long kibibytes = (bytes ?? SizeFor(files.Sum(file => new FileInfo(file.File).Length))) >> 10;
        string[] make = ["-C", "--invariant", "-i", volumeId.ToString("X8", CultureInfo.InvariantCulture), "-n", label, .. options, path];
        await Run("mkfs.vfat", [.. make, kibibytes.ToString(CultureInfo.InvariantCulture)]);
        string[] directories =
        [
            .. files
                .SelectMany(file => Parents(file.Path))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Select(name => $"::{name}"),
        ];
        if (directories.Length > 0)
        {
            await Run("mmd", ["-i", path, .. directories]);
        }
        foreach ((string name, string file) in files)
        {
            await Run("mcopy", ["-i", path, file, $"::{name}"]);
        }

        Task Run(string program, string[] arguments) => new Tool(program, arguments) { Environment = variables }.RunAsync(cancellation);
    }

    /// <summary>Room for that many bytes of files, with the allocation tables.</summary>
    public static long SizeFor(long bytes) => (((bytes + (bytes / 64) + (1 << 20)) >> 20) + 1) << 20;

    private static IEnumerable<string> Parents(string path)
    {
        for (int slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            yield return path[..slash];
        }
    }
}
