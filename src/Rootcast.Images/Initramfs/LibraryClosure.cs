using Rootcast.Contract;
using Rootcast.Formats.Elf;

namespace Rootcast.Images.Initramfs;

/// <summary>Brings the loader and the libraries of programs into a tree, as ld.so(8) would find them: DT_RUNPATH, the directories of ld.so.conf, the
/// default ones. An initramfs has no ld.so.cache, so what was found only by ld.so.conf goes where the C library is.</summary>
internal sealed class LibraryClosure(InitramfsTree tree, string root = "/")
{
    private const int LibraryMode = 0x1ED; // 0755
    private const int LongestConfiguration = 1000;

    private static readonly string[] DefaultDirectories =
    [
        "/usr/lib/x86_64-linux-gnu",
        "/lib/x86_64-linux-gnu",
        "/usr/lib64",
        "/lib64",
        "/usr/lib",
        "/lib",
    ];

    private List<string>? _configured;

    /// <summary>Adds what an ELF file needs; anything else needs nothing.</summary>
    /// <param name="file">The file on this host.</param>
    /// <param name="path">Its path in the tree.</param>
    /// <exception cref="UserError">A library is not there.</exception>
    public void Add(string file, string path)
    {
        if (Read(file) is not { } elf)
        {
            return;
        }
        if (elf.Interpreter is { } loader)
        {
            string found = root.TrimEnd('/') + loader;
            if (!File.Exists(found))
            {
                throw Missing(loader, file);
            }
            AddLibrary(found, loader, $"loader of {Path.GetFileName(path)}", path);
        }
        foreach (string name in elf.Needed)
        {
            (string found, string place) = Find(name, elf, file) ?? throw Missing(name, file);
            AddLibrary(found, place, "library", path);
        }
    }

    private void AddLibrary(string file, string place, string because, string by)
    {
        string real = InitramfsTree.Real(place);
        if (!tree.Has(real) && tree.AddFile(Resolve(file), LibraryMode, new InitramfsReason(real, because, by)))
        {
            Add(file, real);
        }
    }

    private (string File, string Place)? Find(string name, ElfFile wanting, string file)
    {
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return (root.TrimEnd('/') + name, name);
        }
        string origin = Path.GetDirectoryName(file)!;
        foreach (string directory in (wanting.RunPath ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            string here = directory
                .Replace("${ORIGIN}", origin, StringComparison.Ordinal)
                .Replace("$ORIGIN", origin, StringComparison.Ordinal);
            if (Fits(Path.Combine(here, name), wanting))
            {
                return (Path.Combine(here, name), Path.Combine(Path.GetFullPath(here), name));
            }
        }
        foreach (string directory in DefaultDirectories)
        {
            string here = root.TrimEnd('/') + directory;
            if (Fits(Path.Combine(here, name), wanting))
            {
                return (Path.Combine(here, name), $"{directory}/{name}");
            }
        }
        foreach (string directory in _configured ??= ReadConfiguration(root.TrimEnd('/') + "/etc/ld.so.conf", LongestConfiguration))
        {
            string here = root.TrimEnd('/') + directory;
            if (Fits(Path.Combine(here, name), wanting))
            {
                return (Path.Combine(here, name), $"{HomeOfLibraries(wanting)}/{name}");
            }
        }
        return null;
    }

    private string HomeOfLibraries(ElfFile wanting) =>
        DefaultDirectories.FirstOrDefault(directory => Fits($"{root.TrimEnd('/')}{directory}/libc.so.6", wanting))
        ?? DefaultDirectories[^2];

    /// <summary>A library of another machine or class is passed over, as the loader does.</summary>
    private static bool Fits(string path, ElfFile wanting) =>
        File.Exists(path) && Read(path) is { } found && found.Machine == wanting.Machine && found.Is64Bit == wanting.Is64Bit;

    private static ElfFile? Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        try
        {
            return ElfFile.IsElf(bytes) ? ElfFile.Read(bytes) : null;
        }
        catch (InvalidDataException e)
        {
            throw new UserError($"{path} is a damaged program: {e.Message}", "Install its package again, or leave it out.", cause: e);
        }
    }

    private static string Resolve(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    private List<string> ReadConfiguration(string path, int left)
    {
        List<string> directories = [];
        if (left == 0 || !File.Exists(path))
        {
            return directories;
        }
        foreach (string line in File.ReadLines(path))
        {
            string text = line.Split('#')[0].Trim();
            if (text.StartsWith("include ", StringComparison.Ordinal))
            {
                string pattern = text["include ".Length..].Trim();
                string directory = Path.GetDirectoryName(
                    Path.IsPathRooted(pattern) ? root.TrimEnd('/') + pattern : Path.Combine(Path.GetDirectoryName(path)!, pattern)
                )!;
                if (Directory.Exists(directory))
                {
                    foreach (
                        string included in Directory.EnumerateFiles(directory, Path.GetFileName(pattern)).Order(StringComparer.Ordinal)
                    )
                    {
                        directories.AddRange(ReadConfiguration(included, left - 1));
                    }
                }
            }
            else if (text.StartsWith('/'))
            {
                directories.Add(text);
            }
        }
        return directories;
    }

    private static UserError Missing(string name, string file) =>
        new(
            $"{file} needs {name}, which is not on this host.",
            "Install the package that has it, or leave the program out of the initramfs.",
            UserErrorKind.Missing
        );
}
