using System.IO.Compression;
using Rootcast.Contract;
using Rootcast.Formats.Modules;
using Rootcast.Images.Tools;
using Rootcast.Linux.Libraries;

namespace Rootcast.Images.Initramfs;

/// <summary>Packs the firmware that modules name in their .modinfo. What is missing is told, not an error: most machines need none of it.</summary>
internal static class FirmwareFiles
{
    private const int FileMode = 0x1A4; // 0644

    /// <summary>How many names a note shows.</summary>
    private const int Shown = 5;

    // What the kernel's own loader tries (CONFIG_FW_LOADER_COMPRESS).
    private static readonly string[] Endings = ["", ".xz", ".zst"];

    public static async Task AddAsync(
        IEnumerable<(string Path, string File)> modules,
        IReadOnlyList<string> directories,
        InitramfsTree tree,
        List<string> notes,
        CancellationToken cancellation
    )
    {
        SortedSet<string> missing = new(StringComparer.Ordinal);
        foreach ((string path, string file) in modules)
        {
            ModuleInfo info = await ReadAsync(file, cancellation);
            foreach (string name in info.Firmware)
            {
                List<string> found = [.. Find(name, directories)];
                if (found.Count == 0)
                {
                    missing.Add(name);
                }
                foreach (string source in found)
                {
                    string directory = directories.First(directory => source.StartsWith(directory + "/", StringComparison.Ordinal));
                    string target = File.ResolveLinkTarget(source, returnFinalTarget: true)?.FullName ?? source;
                    tree.AddFile(
                        target,
                        FileMode,
                        new InitramfsReason(InitramfsPaths.Firmware + source[directory.Length..], "firmware", path)
                    );
                }
            }
        }
        if (missing.Count > 0)
        {
            string more = missing.Count > Shown ? $" and {missing.Count - Shown} more" : "";
            notes.Add($"Firmware that modules may ask for is not on this host: {string.Join(", ", missing.Take(Shown))}{more}.");
        }
    }

    private static IEnumerable<string> Find(string name, IReadOnlyList<string> directories)
    {
        if (name.StartsWith('/') || name.Split('/').Contains(".."))
        {
            yield break;
        }
        foreach (string directory in directories)
        {
            bool any = false;
            foreach (string ending in Endings)
            {
                foreach (string file in Matches(directory, name + ending))
                {
                    any = true;
                    yield return file;
                }
            }
            if (any)
            {
                yield break;
            }
        }
    }

    private static IEnumerable<string> Matches(string directory, string name)
    {
        string path = $"{directory}/{name}";
        if (!name.Contains('*', StringComparison.Ordinal))
        {
            return File.Exists(path) ? [path] : [];
        }
        // Wildcards stand only in the last component of the names that there are.
        string parent = Path.GetDirectoryName(path)!;
        return Directory.Exists(parent) ? Directory.EnumerateFiles(parent, Path.GetFileName(path)).Order(StringComparer.Ordinal) : [];
    }

    private static async Task<ModuleInfo> ReadAsync(string file, CancellationToken cancellation)
    {
        try
        {
            return ModuleInfo.Read(await BytesAsync(file, cancellation));
        }
        catch (InvalidDataException e)
        {
            throw new UserError($"The module {file} is damaged: {e.Message}", "Install the kernel's package again.", cause: e);
        }
    }

    private static async Task<byte[]> BytesAsync(string file, CancellationToken cancellation)
    {
        MemoryStream bytes = new();
        switch (Path.GetExtension(file))
        {
            case ".xz":
                await new Tool("xz", "--decompress", "--stdout", file)
                {
                    Output = (output, token) => output.CopyToAsync(bytes, token),
                }.RunAsync(cancellation);
                break;
            case ".zst":
                await using (ZstdDecompressStream zstd = new(File.OpenRead(file)))
                {
                    await zstd.CopyToAsync(bytes, cancellation);
                }
                break;
            case ".gz":
                await using (GZipStream gzip = new(File.OpenRead(file), CompressionMode.Decompress))
                {
                    await gzip.CopyToAsync(bytes, cancellation);
                }
                break;
            default:
                return await File.ReadAllBytesAsync(file, cancellation);
        }
        return bytes.ToArray();
    }
}
