using Rootcast.Formats;
using Rootcast.Formats.Tree;
using Rootcast.Images.Cpio;

namespace Rootcast.Images.Initramfs;

/// <summary>The entries of an initramfs under construction, by path, and why each is there. /bin, /sbin, /lib and /lib64 lead into /usr, as in every tree
/// of today.</summary>
/// <param name="epoch">Time of every entry.</param>
/// <param name="files">Where files come from.</param>
internal sealed class InitramfsTree(long epoch, RootFiles files)
{
    private const int ExecutableMode = 0x1ED; // 0755
    private const int LinkMode = 0x1FF; // 0777

    private static readonly string[] Merged = ["bin", "sbin", "lib", "lib64"];

    private readonly SortedDictionary<UnixPath, InitramfsEntry> _entries = [];

    public IReadOnlyCollection<InitramfsEntry> Entries => _entries.Values;

    public InitramfsReasons Reasons { get; } = new();

    /// <summary>Where files come from.</summary>
    public RootFiles Files => files;

    /// <summary>Time of every entry.</summary>
    public long Epoch => epoch;

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

    public bool Has(string path) => Find(path) is not null;

    /// <summary>The entry at a path.</summary>
    public InitramfsEntry? Find(string path) => _entries.GetValueOrDefault(UnixPath.From(Real(path)[1..]));

    /// <summary>What every initramfs has: directories to mount on, the links into /usr, and the two devices that programs expect.</summary>
    public void AddSkeleton()
    {
        foreach (
            string directory in (string[])
                ["/dev", "/proc", "/sys", "/run", "/tmp", "/etc", "/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib64"]
        )
        {
            AddDirectory(UnixPath.From(directory[1..]));
        }
        foreach (string merged in Merged)
        {
            AddLink("/" + merged, "usr/" + merged, new InitramfsReason("/" + merged, "skeleton", null));
        }
        AddDevice("/dev/console", 5, 1, 0x180);
        AddDevice("/dev/null", 1, 3, 0x1B6);
    }

    /// <summary>Adds a file of this host by its path there.</summary>
    public bool AddFile(string from, int mode, InitramfsReason reason) => AddFile(files.OfHost(from), mode, reason);

    /// <summary>Adds a file.</summary>
    /// <returns>Whether the path was free; else the first stays.</returns>
    public bool AddFile(OpenedFile from, int mode, InitramfsReason reason) =>
        Add(reason, new InitramfsEntry(Entry(reason.Path, NodeKind.File, mode) with { Size = from.Status.Size }) { From = from });

    /// <summary>Adds a file that is made here.</summary>
    public bool AddFile(ReadOnlyMemory<byte> content, int mode, InitramfsReason reason, MadeContent? made = null) =>
        Add(
            reason,
            new InitramfsEntry(Entry(reason.Path, NodeKind.File, mode) with { Size = content.Length }) { Content = content, Made = made }
        );

    public bool AddLink(string path, string target, InitramfsReason reason) =>
        Add(
            reason with
            {
                Path = path,
            },
            new InitramfsEntry(Entry(path, NodeKind.Symlink, LinkMode) with { Target = UnixPath.From(target) })
        );

    /// <summary>Adds an entry as it is; its parents too, where they are missing.</summary>
    /// <param name="reason">Why; its path is taken from the entry.</param>
    /// <param name="entry">The entry.</param>
    public bool Add(InitramfsReason reason, InitramfsEntry entry)
    {
        UnixPath path = entry.Entry.Path;
        AddParents(path);
        Reasons.Add(reason with { Path = "/" + path });
        return _entries.TryAdd(path, entry);
    }

    /// <summary>Puts an entry in the place of the one of the same path.</summary>
    public void Replace(InitramfsEntry entry) => _entries[entry.Entry.Path] = entry;

    private void AddDevice(string path, uint major, uint minor, int mode) =>
        Add(
            new InitramfsReason(path, "skeleton", null),
            new InitramfsEntry(Entry(path, NodeKind.CharacterDevice, mode) with { DeviceMajor = major, DeviceMinor = minor })
        );

    private void AddParents(UnixPath path)
    {
        int slash = path.Bytes.LastIndexOf((byte)'/');
        if (slash > 0)
        {
            AddDirectory(new UnixPath(path.Memory[..slash]));
        }
    }

    private void AddDirectory(UnixPath path)
    {
        if (!_entries.ContainsKey(path))
        {
            AddParents(path);
            _entries.Add(path, new InitramfsEntry(Entry(path, NodeKind.Directory, ExecutableMode)));
        }
    }

    private TreeEntry Entry(string path, NodeKind kind, int mode) => Entry(UnixPath.From(Real(path)[1..]), kind, mode);

    private TreeEntry Entry(UnixPath path, NodeKind kind, int mode) =>
        new()
        {
            Path = path,
            Kind = kind,
            Mode = mode,
            ModifiedSeconds = epoch,
        };
}
