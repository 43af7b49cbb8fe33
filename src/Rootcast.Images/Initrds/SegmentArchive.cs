using Rootcast.Contract;
using Rootcast.Formats;
using Rootcast.Formats.Cpio;
using Rootcast.Formats.Tree;

namespace Rootcast.Images.Initrds;

/// <summary>A small archive under construction: everything is root's and from 1970, names are sorted, and directories that lead to a name are there,
/// since the kernel makes none by itself.</summary>
internal sealed class SegmentArchive
{
    /// <summary>Segments that are made in memory hold configuration and microcode: what has more was not meant to be in one.</summary>
    public const long MostBytes = 256 << 20;

    private const int DirectoryMode = 0x1ED; // 0755
    private const int LinkMode = 0x1FF; // 0777

    private readonly SortedDictionary<string, (TreeEntry Entry, byte[] Content)> _entries = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Whether nothing was added.</summary>
    public bool IsEmpty => _entries.Count == 0;

    /// <summary>Adds a file under an absolute path; one that is there under that path is replaced.</summary>
    /// <exception cref="UserError">All files together are too much.</exception>
    public void AddFile(string path, int mode, byte[] content)
    {
        _bytes += content.Length;
        if (_bytes > MostBytes)
        {
            throw new UserError(
                $"With {path} the segment would have {_bytes} bytes; at most {MostBytes} are taken.",
                "Put large files into the tree, by files: in the recipe.",
                UserErrorKind.Input
            );
        }
        Add(path, NodeKind.File, mode, content, default);
    }

    public void AddLink(string path, string target) => Add(path, NodeKind.Symlink, LinkMode, [], UnixPath.From(target));

    public void AddDirectory(string path, int mode = DirectoryMode) => Add(path, NodeKind.Directory, mode, [], default);

    /// <summary>The archive with its trailer. Names are not padded: the kernel looks for microcode before it knows of padding.</summary>
    public byte[] ToBytes()
    {
        MemoryStream bytes = new();
        CpioWriter writer = new(bytes);
        foreach ((TreeEntry entry, byte[] content) in _entries.Values)
        {
            if (entry.Kind == NodeKind.File)
            {
                writer.Write(entry, content);
            }
            else
            {
                writer.Write(entry);
            }
        }
        writer.Finish(4);
        return bytes.ToArray();
    }

    private void Add(string path, NodeKind kind, int mode, byte[] content, UnixPath target)
    {
        string name = path.TrimStart('/');
        for (int slash = name.IndexOf('/'); slash > 0; slash = name.IndexOf('/', slash + 1))
        {
            string parent = name[..slash];
            if (!_entries.ContainsKey(parent))
            {
                _entries[parent] = (Entry(parent, NodeKind.Directory, DirectoryMode), []);
            }
        }
        _entries[name] = (Entry(name, kind, mode) with { Size = content.Length, Target = target }, content);
    }

    private static TreeEntry Entry(string name, NodeKind kind, int mode) =>
        new()
        {
            Path = UnixPath.From(name),
            Kind = kind,
            Mode = mode,
        };
}
