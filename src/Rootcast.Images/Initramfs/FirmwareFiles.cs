using System.IO.Compression;
using Rootcast.Contract;
using Rootcast.Formats.Modules;
using Rootcast.Images.Cpio;
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
        directories = [.. directories.Where(Directory.Exists)];
        if (directories.Count == 0)
        {
            notes.Add("The root has no firmware.");
            return;
        }
        SortedSet<string> missing = new(StringComparer.Ordinal);
        foreach ((string path, string file) in modules)
        {
            ModuleInfo info = await ReadAsync(tree.Files.OfHost(file), cancellation);
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

    private static async Task<ModuleInfo> ReadAsync(OpenedFile file, CancellationToken cancellation)
    {
        try
        {
            return ModuleInfo.Read(await BytesAsync(file.ReadAll(), file.Path, cancellation));
        }
        catch (InvalidDataException e)
        {
            throw new UserError($"The module {file.Path} is damaged: {e.Message}", "Install the kernel's package again.", cause: e);
        }
    }

    /// <summary>What is in a file that may be compressed, by the ending of its name.</summary>
    public static async Task<byte[]> BytesAsync(byte[] stored, string name, CancellationToken cancellation)
    {
        MemoryStream bytes = new();
        switch (Path.GetExtension(name))
        {
            case ".xz":
                await new Tool("xz", "--decompress", "--stdout")
                {
                    Input = (input, token) => input.WriteAsync(stored, token).AsTask(),
                    Output = (output, token) => output.CopyToAsync(bytes, token),
                }.RunAsync(cancellation);
                break;
            case ".zst":
                await using (ZstdDecompressStream zstd = new(new MemoryStream(stored)))
                {
                    await zstd.CopyToAsync(bytes, cancellation);
                }
                break;
            case ".gz":
                await using (GZipStream gzip = new(new MemoryStream(stored), CompressionMode.Decompress))
                {
                    await gzip.CopyToAsync(bytes, cancellation);
                }
                break;
            default:
                return stored;
        }
        return bytes.ToArray();
    }
}
