using Rootcast.Formats;
using Rootcast.Formats.Tree;

namespace Rootcast.Images.Initramfs;

/// <summary>The entries of an initramfs under construction, by path, and why each is there. /bin, /sbin, /lib and /lib64 lead into /usr, as in every tree
/// of today.</summary>
internal sealed class InitramfsTree(long epoch)
{
    private const int ExecutableMode = 0x1ED; // 0755
    private const int LinkMode = 0x1FF; // 0777

    private static readonly string[] Merged = ["bin", "sbin", "lib", "lib64"];

    private readonly SortedDictionary<string, InitramfsEntry> _entries = new(StringComparer.Ordinal);

    public IReadOnlyCollection<InitramfsEntry> Entries => _entries.Values;

    public InitramfsReasons Reasons { get; } = new();

    /// <summary>Where a path really is, when the directories that are links are followed.</summary>
    public static string Real(string path)
    {
        string relative = path.TrimStart('/');
        foreach (string merged in Merged)
        {
            if (relative.StartsWith(merged + "/", StringComparison.Ordinal))
            {
                return "/usr/" + relative;
            }
        }
        return "/" + relative;
    }

    public bool Has(string path) => _entries.ContainsKey(Real(path)[1..]);

    /// <summary>What every initramfs has: directories to mount on, the links into /usr, and the two devices that programs expect.</summary>
    public void AddSkeleton()
    {
        foreach (
            string directory in (string[])
                ["/dev", "/proc", "/sys", "/run", "/tmp", "/etc", "/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib64"]
        )
        {
            AddDirectory(directory);
        }
        foreach (string merged in Merged)
        {
            AddLink("/" + merged, "usr/" + merged, new InitramfsReason("/" + merged, "skeleton", null));
        }
        AddDevice("/dev/console", 5, 1, 0x180);
        AddDevice("/dev/null", 1, 3, 0x1B6);
    }

    public bool AddFile(string from, int mode, InitramfsReason reason) => Add(reason, NodeKind.File, mode, null, from, default);

    public bool AddFile(ReadOnlyMemory<byte> content, int mode, InitramfsReason reason) =>
        Add(reason, NodeKind.File, mode, content, null, default);

    public bool AddLink(string path, string target, InitramfsReason reason) =>
        Add(reason with { Path = path }, NodeKind.Symlink, LinkMode, null, null, UnixPath.From(target));

    private void AddDevice(string path, uint major, uint minor, int mode)
    {
        AddParents(path);
        Reasons.Add(new InitramfsReason(path, "skeleton", null));
        TreeEntry entry = Entry(path, NodeKind.CharacterDevice, mode) with { DeviceMajor = major, DeviceMinor = minor };
        _entries.TryAdd(path[1..], new InitramfsEntry(entry, null, null));
    }

    private bool Add(InitramfsReason reason, NodeKind kind, int mode, ReadOnlyMemory<byte>? content, string? from, UnixPath target)
    {
        string path = Real(reason.Path);
        AddParents(path);
        long size = content?.Length ?? (from is null ? 0 : new FileInfo(from).Length);
        TreeEntry entry = Entry(path, kind, mode) with { Size = size, Target = target };
        Reasons.Add(reason with { Path = path });
        return _entries.TryAdd(path[1..], new InitramfsEntry(entry, content, from));
    }

    private void AddParents(string path)
    {
        for (int slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            AddDirectory(path[..slash]);
        }
    }

    private void AddDirectory(string path)
    {
        if (!_entries.ContainsKey(path[1..]))
        {
            AddParents(path);
            _entries.Add(path[1..], new InitramfsEntry(Entry(path, NodeKind.Directory, ExecutableMode), null, null));
        }
    }

    private TreeEntry Entry(string path, NodeKind kind, int mode) =>
        new()
        {
            Path = UnixPath.From(path[1..]),
            Kind = kind,
            Mode = mode,
            ModifiedSeconds = epoch,
        };
}
