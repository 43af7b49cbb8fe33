using System.Text;
using System.Text.Json;
using Rootcast.Contract;
using Rootcast.Formats.Elf;
using Rootcast.Images.Cpio;

namespace Rootcast.Images.Initramfs;

/// <summary>Brings what programs need into a tree: the loader and the libraries of ELF files as ld.so(8) would find them (DT_RUNPATH, the default
/// directories, those of ld.so.conf), libraries that they load by themselves (<c>.note.dlopen</c>), and the interpreters of scripts. An initramfs has no
/// ld.so.cache, so what was found only by ld.so.conf goes where the C library is.</summary>
internal sealed class LibraryClosure(InitramfsTree tree, List<string> notes)
{
    private const int ProgramMode = 0x1ED; // 0755
    private const int LongestConfiguration = 1000;

    /// <summary>What the kernel reads of a script's first line (BINPRM_BUF_SIZE).</summary>
    private const int ScriptLine = 256;

    private static readonly string[] DefaultDirectories =
    [
        "/usr/lib/x86_64-linux-gnu",
        "/lib/x86_64-linux-gnu",
        "/usr/lib64",
        "/lib64",
        "/usr/lib",
        "/lib",
    ];

    private readonly RootFiles _files = tree.Files;
    private readonly Dictionary<(string Name, int Machine), (OpenedFile File, string Place)?> _found = [];
    private List<string>? _configured;

    /// <summary>Adds a program of the root with all that it needs, at its own path.</summary>
    /// <returns>Whether the root has it.</returns>
    public bool AddProgram(string path, string because, string? by)
    {
        if (tree.Has(path))
        {
            return true;
        }
        if (_files.Find(path) is not { } file)
        {
            return false;
        }
        tree.AddFile(file, ProgramMode, new InitramfsReason(path, because, by));
        Add(file, path);
        return true;
    }

    /// <summary>Adds what a file needs; anything but programs, libraries and scripts needs nothing.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">Its path in the tree.</param>
    /// <exception cref="UserError">A library is not there.</exception>
    public void Add(OpenedFile file, string path)
    {
        if (_files.Elf(file) is not { } elf)
        {
            AddInterpreter(file, path);
            return;
        }
        if (elf.Interpreter is { } loader)
        {
            AddLibrary(
                _files.Find(loader) ?? throw Missing(loader, file.Path),
                loader,
                $"loader of {Path.GetFileName(path)}",
                InitramfsTree.Real(path)
            );
        }
        foreach (string name in elf.Needed)
        {
            (OpenedFile found, string place) = Find(name, elf, file) ?? throw Missing(name, file.Path);
            AddLibrary(found, place, "library", InitramfsTree.Real(path));
        }
        foreach (string note in elf.DlopenNotes)
        {
            AddNoted(note, elf, file, path);
        }
    }

    private void AddLibrary(OpenedFile file, string place, string because, string by)
    {
        string real = InitramfsTree.Real(place);
        if (!tree.Has(real) && tree.AddFile(file, ProgramMode, new InitramfsReason(real, because, by)))
        {
            Add(file, real);
        }
    }

    /// <summary>A library of <c>.note.dlopen</c>, required or recommended: the first of its names that is there. What is missing is told.</summary>
    /// <remarks>systemd's ELF_DLOPEN_METADATA: a list of objects with <c>soname</c>, a list of which one is enough, and <c>priority</c>.</remarks>
    private void AddNoted(string note, ElfFile elf, OpenedFile file, string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(note);
            foreach (JsonElement wish in document.RootElement.EnumerateArray())
            {
                string priority = wish.TryGetProperty("priority", out JsonElement said) ? said.GetString() ?? "" : "recommended";
                if (priority is not ("required" or "recommended"))
                {
                    continue;
                }
                string[] names = [.. wish.GetProperty("soname").EnumerateArray().Select(name => name.GetString() ?? "")];
                string? name = names.FirstOrDefault(name => name.Length > 0 && Find(name, elf, file) is not null);
                if (name is not null && Find(name, elf, file) is (OpenedFile found, string place))
                {
                    AddLibrary(found, place, $"loaded when running ({priority})", InitramfsTree.Real(path));
                }
                else
                {
                    notes.Add($"{path} may load {string.Join(" or ", names)} ({priority}), which is not there.");
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            notes.Add($"{path} has a .note.dlopen that cannot be read: {e.Message}");
        }
    }

    private void AddInterpreter(OpenedFile file, string path)
    {
        ReadOnlySpan<byte> start = file.ReadStart(ScriptLine);
        if (!start.StartsWith("#!"u8))
        {
            return;
        }
        int end = start.IndexOf((byte)'\n');
        string[] words = Encoding
            .UTF8.GetString(start[2..(end < 0 ? start.Length : end)])
            .Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            return;
        }
        string real = InitramfsTree.Real(path);
        Require(words[0]);
        if (Path.GetFileName(words[0]) == "env" && words.FirstOrDefault(word => word[0] is not '-' && word != words[0]) is { } named)
        {
            Require(
                (string[])["/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/"] is var places
                && places.FirstOrDefault(place => _files.Find(place + named) is not null) is { } place
                    ? place + named
                    : named
            );
        }

        void Require(string interpreter)
        {
            if (!AddProgram(interpreter, $"interpreter of {Path.GetFileName(path)}", real))
            {
                throw Missing(interpreter, file.Path);
            }
        }
    }

    private (OpenedFile File, string Place)? Find(string name, ElfFile wanting, OpenedFile file)
    {
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return _files.Find(name) is { } exact ? (exact, name) : null;
        }
        string origin = Path.GetDirectoryName(_files.NameOf(file.Path))!;
        foreach (string directory in (wanting.RunPath ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            string here = Path.GetFullPath(
                directory.Replace("${ORIGIN}", origin, StringComparison.Ordinal).Replace("$ORIGIN", origin, StringComparison.Ordinal)
            );
            if (Fitting($"{here}/{name}", wanting) is { } found)
            {
                return (found, $"{here}/{name}");
            }
        }
        if (!_found.TryGetValue((name, wanting.Machine), out (OpenedFile File, string Place)? usual))
        {
            _found[(name, wanting.Machine)] = usual = FindUsual(name, wanting);
        }
        return usual;
    }

    private (OpenedFile File, string Place)? FindUsual(string name, ElfFile wanting)
    {
        foreach (string directory in DefaultDirectories)
        {
            if (Fitting($"{directory}/{name}", wanting) is { } found)
            {
                return (found, $"{directory}/{name}");
            }
        }
        foreach (string directory in _configured ??= ReadConfiguration("/etc/ld.so.conf", LongestConfiguration))
        {
            if (Fitting($"{directory}/{name}", wanting) is { } found)
            {
                return (found, $"{HomeOfLibraries(wanting)}/{name}");
            }
        }
        return null;
    }

    private string HomeOfLibraries(ElfFile wanting) =>
        DefaultDirectories.FirstOrDefault(directory => Fitting($"{directory}/libc.so.6", wanting) is not null) ?? DefaultDirectories[^2];

    /// <summary>A library of another machine or class is passed over, as the loader does.</summary>
    private OpenedFile? Fitting(string path, ElfFile wanting) =>
        _files.Find(path) is { } file
        && _files.Elf(file) is { } found
        && found.Machine == wanting.Machine
        && found.Is64Bit == wanting.Is64Bit
            ? file
            : null;

    private List<string> ReadConfiguration(string path, int left)
    {
        List<string> directories = [];
        if (left == 0 || _files.Find(path) is not { } file)
        {
            return directories;
        }
        foreach (string line in File.ReadLines(file.Path))
        {
            string text = line.Split('#')[0].Trim();
            if (text.StartsWith("include ", StringComparison.Ordinal))
            {
                string pattern = text["include ".Length..].Trim();
                string named = Path.IsPathRooted(pattern) ? pattern : Path.Combine(Path.GetDirectoryName(path)!, pattern);
                string directory = Path.GetDirectoryName(named)!;
                if (Directory.Exists(_files.OnHost(directory)))
                {
                    foreach (
                        string included in Directory
                            .EnumerateFiles(_files.OnHost(directory), Path.GetFileName(pattern))
                            .Order(StringComparer.Ordinal)
                    )
                    {
                        directories.AddRange(ReadConfiguration(_files.NameOf(included), left - 1));
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
