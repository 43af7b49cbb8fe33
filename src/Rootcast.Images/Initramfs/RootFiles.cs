using System.Text;
using Rootcast.Contract;
using Rootcast.Formats.Elf;
using Rootcast.Images.Cpio;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Initramfs;

/// <summary>The files that an initramfs is made of, below the root of a system: this host's own, or another's. Links are followed as if that root were
/// <c>/</c>. Each file is opened at most once: what was looked into is written from the same descriptor.</summary>
/// <param name="root">The directory.</param>
internal sealed class RootFiles(string root = "/") : IDisposable
{
    /// <summary>What the kernel follows at most in one path (MAXSYMLINKS).</summary>
    private const int MostLinks = 40;

    private readonly string _root = Path.GetFullPath(root).TrimEnd('/');
    private readonly Dictionary<string, OpenedFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ElfFile?> _programs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _directories = new(StringComparer.Ordinal) { [""] = "" };

    /// <summary>Where a path of the root is on this host, its own links not followed.</summary>
    public string OnHost(string path) => _root + path;

    /// <summary>What a path of this host is called below the root.</summary>
    public string NameOf(string hostPath) =>
        _root.Length > 0 && hostPath.StartsWith(_root + "/", StringComparison.Ordinal) ? hostPath[_root.Length..] : hostPath;

    /// <summary>The regular file that a path of the root leads to; null when there is none.</summary>
    public OpenedFile? Find(string path) =>
        Resolve(path, MostLinks) is { } real && Status(_root + real) is { IsFile: true } status ? Keep(_root + real, status) : null;

    /// <summary>Where a path of the root leads to, below the root; null when there is nothing.</summary>
    public string? Resolve(string path) => Resolve(path, MostLinks);

    /// <summary>A file by its path on this host, links followed.</summary>
    /// <exception cref="UserError">There is none.</exception>
    public OpenedFile OfHost(string path)
    {
        string real = Status(path) is { IsSymlink: true } ? File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName : path;
        return Status(real) is { IsFile: true } status
            ? Keep(real, status)
            : throw new UserError($"{path} is no file.", "Name a file that is there, or leave it out.", UserErrorKind.Input);
    }

    /// <summary>A file as a program or library; null when it is neither.</summary>
    /// <exception cref="UserError">It begins as one and is damaged.</exception>
    public ElfFile? Elf(OpenedFile file)
    {
        if (_programs.TryGetValue(file.Path, out ElfFile? known))
        {
            return known;
        }
        const int magicBytes = 4;
        try
        {
            return _programs[file.Path] = ElfFile.IsElf(file.ReadStart(magicBytes)) ? ElfFile.Read(file.ReadAll()) : null;
        }
        catch (InvalidDataException e)
        {
            throw new UserError($"{file.Path} is a damaged program: {e.Message}", "Install its package again, or leave it out.", cause: e);
        }
    }

    public void Dispose()
    {
        foreach (OpenedFile file in _files.Values)
        {
            file.Dispose();
        }
    }

    private OpenedFile Keep(string path, FileStatus status)
    {
        if (!_files.TryGetValue(path, out OpenedFile? file))
        {
            _files[path] = file = new OpenedFile(path, status);
        }
        return file;
    }

    private string? Resolve(string path, int linksLeft)
    {
        string clean = path.TrimEnd('/');
        int slash = clean.LastIndexOf('/');
        if (slash < 0)
        {
            return clean.Length == 0 ? "" : null;
        }
        string name = clean[(slash + 1)..];
        if (Directory(clean[..slash], linksLeft) is not { } directory)
        {
            return null;
        }
        if (name is "" or ".")
        {
            return directory;
        }
        if (name == "..")
        {
            int up = directory.LastIndexOf('/');
            return up < 0 ? "" : directory[..up];
        }
        string real = $"{directory}/{name}";
        if (Status(_root + real) is not { } status)
        {
            return null;
        }
        if (!status.IsSymlink)
        {
            return real;
        }
        if (linksLeft == 0)
        {
            return null;
        }
        string target = Encoding.UTF8.GetString(FileNodes.ReadLink(null, Encoding.UTF8.GetBytes(_root + real)));
        return Resolve(target.StartsWith('/') ? target : $"{directory}/{target}", linksLeft - 1);
    }

    private string? Directory(string path, int linksLeft)
    {
        if (!_directories.TryGetValue(path, out string? real))
        {
            _directories[path] = real = Resolve(path, linksLeft);
        }
        return real;
    }

    private static FileStatus? Status(string path) =>
        FileNodes.TryStatus(null, Encoding.UTF8.GetBytes(path), followLinks: false, out FileStatus status, out _) ? status : null;
}
