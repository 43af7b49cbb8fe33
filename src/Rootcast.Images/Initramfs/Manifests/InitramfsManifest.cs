using System.Text;
using Rootcast.Contract;
using Rootcast.Formats;
using Rootcast.Formats.Modules;
using Rootcast.Formats.Tree;

namespace Rootcast.Images.Initramfs;

/// <summary>
/// What is in an initramfs, as a text with a line for each entry, that a person can read, edit and build from:
/// <code>
/// dir  0755 0 0 /usr/lib
/// link 0777 0 0 /lib usr/lib
/// file 0755 0 0 /usr/sbin/lvm /usr/sbin/lvm  # stack of the root
/// file 0644 0 0 /etc/hostname @text "box\n"
/// file 0755 0 0 /init @init
/// char 0600 0 0 /dev/console 5 1
/// </code>
/// Behind a file's path stands the file of the root that has its data, or what makes it. Behind <c>#</c> stands the reason, and behind <c>&lt;</c> what
/// pulled it in. Directories that lead to an entry need no line.
/// </summary>
public sealed class InitramfsManifest
{
    /// <summary>More is no manifest.</summary>
    public const int LargestText = 64 << 20;

    private const int FileMode = 0x1A4; // 0644

    private readonly IReadOnlyList<ManifestLine> _lines;

    private InitramfsManifest(IReadOnlyList<ManifestLine> lines) => _lines = lines;

    /// <summary>Why each entry is there.</summary>
    public InitramfsReasons Reasons
    {
        get
        {
            InitramfsReasons reasons = new();
            foreach (ManifestLine line in _lines)
            {
                reasons.Add(line.Reason);
            }
            return reasons;
        }
    }

    /// <summary>The text.</summary>
    public byte[] ToBytes()
    {
        StringBuilder text = new("# rootcast initramfs build --manifest FILE builds from this. Behind # stands why an entry is there.\n");
        foreach (ManifestLine line in _lines)
        {
            text.Append(line.ToString()).Append('\n');
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What it is called in errors.</param>
    /// <param name="epoch">Time of every entry.</param>
    /// <exception cref="UserError">With the number of the line and what is wrong with it.</exception>
    public static InitramfsManifest Parse(ReadOnlyMemory<byte> text, string name, long epoch = 0)
    {
        List<ManifestLine> lines = [];
        Dictionary<UnixPath, int> numbers = [];
        int number = 0;
        while (!text.IsEmpty)
        {
            number++;
            int end = text.Span.IndexOf((byte)'\n');
            ReadOnlyMemory<byte> one = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            try
            {
                if (ManifestLine.Parse(one.Span, epoch) is not { } line)
                {
                    continue;
                }
                if (!numbers.TryAdd(line.Entry.Path, number))
                {
                    throw new InvalidDataException($"/{line.Entry.Path} stands on line {numbers[line.Entry.Path]} already");
                }
                lines.Add(line);
            }
            catch (InvalidDataException e)
            {
                throw new UserError($"{name}, line {number}: {e.Message}.", "Mend or delete that line.", UserErrorKind.Input, e);
            }
        }
        return new InitramfsManifest(lines);
    }

    /// <summary>The manifest of a tree.</summary>
    internal static InitramfsManifest Of(InitramfsTree tree)
    {
        Dictionary<string, InitramfsReason> reasons = tree.Reasons.All.ToDictionary(reason => reason.Path, StringComparer.Ordinal);
        return new InitramfsManifest([
            .. tree.Entries.Select(entry => new ManifestLine(
                entry.Entry,
                reasons.GetValueOrDefault("/" + entry.Entry.Path) ?? new InitramfsReason("/" + entry.Entry.Path, "", null)
            )
            {
                Made = entry.Made,
                Text = entry.Made is null ? entry.Content : null,
                From = entry.From is { } from ? tree.Files.NameOf(from.Path) : null,
            }),
        ]);
    }

    /// <summary>Packs the manifest of a tree into it, its own line included.</summary>
    internal static void Pack(InitramfsTree tree)
    {
        InitramfsReason reason = new(InitramfsPaths.Manifest, "what is here and why, for initramfs why", null);
        InitramfsEntry entry = new(
            new TreeEntry
            {
                Path = UnixPath.From(InitramfsPaths.Manifest[1..]),
                Kind = NodeKind.File,
                Mode = FileMode,
                ModifiedSeconds = tree.Epoch,
            }
        )
        {
            Made = MadeContent.Manifest,
        };
        tree.Add(reason, entry);
        byte[] text = Of(tree).ToBytes();
        tree.Replace(entry with { Content = text, Entry = entry.Entry with { Size = text.Length } });
    }

    /// <summary>Puts together what the manifest says.</summary>
    /// <param name="init">The program for <c>@init</c>.</param>
    /// <param name="root">The root that files come from.</param>
    /// <param name="epoch">Time of every entry.</param>
    /// <exception cref="UserError">A file is not there.</exception>
    public InitramfsDraft Draft(InitProgram init, string root, long epoch)
    {
        InitramfsTree tree = new(epoch, new RootFiles(root));
        bool packed = false;
        foreach (ManifestLine line in _lines)
        {
            InitramfsEntry entry = new(line.Entry with { ModifiedSeconds = epoch });
            switch (line)
            {
                case { Made: MadeContent.Manifest }:
                    packed = true;
                    continue;
                case { Made: MadeContent.Index }:
                    continue;
                case { Made: MadeContent.Init }:
                    entry = WithContent(entry, init.Bytes) with { Made = MadeContent.Init };
                    break;
                case { Text: { } text }:
                    entry = WithContent(entry, text);
                    break;
                case { From: { } from }:
                    Cpio.OpenedFile file =
                        tree.Files.Find(from)
                        ?? throw new UserError(
                            $"The manifest's {from} is no file of the root {root}.",
                            "Mend or delete that line.",
                            UserErrorKind.Input
                        );
                    entry = new InitramfsEntry(entry.Entry with { Size = file.Status.Size }) { From = file };
                    break;
                default:
                    break;
            }
            tree.Add(line.Reason, entry);
        }
        AddIndexes(tree);
        if (packed)
        {
            Pack(tree);
        }
        return new InitramfsDraft(tree, []);
    }

    private static InitramfsEntry WithContent(InitramfsEntry entry, ReadOnlyMemory<byte> content) =>
        new(entry.Entry with { Size = content.Length }) { Content = content };

    /// <summary>The indexes of the modules that the lines name, for each kernel that they ask one for.</summary>
    private void AddIndexes(InitramfsTree tree)
    {
        string prefix = InitramfsPaths.Modules + "/";
        foreach (
            string version in _lines
                .Where(line => line.Made == MadeContent.Index)
                .Select(line => "/" + line.Entry.Path)
                .Where(path => path.StartsWith(prefix, StringComparison.Ordinal))
                .Select(path => path[prefix.Length..].Split('/')[0])
                .Distinct(StringComparer.Ordinal)
                .ToList()
        )
        {
            string inside = $"{prefix}{version}/";
            ModuleIndex index = ModuleIndexFiles.Read(version, tree.Files.OnHost(tree.Files.Resolve($"/lib/modules/{version}") ?? inside));
            HashSet<string> packed =
            [
                .. tree
                    .Entries.Select(entry => "/" + entry.Entry.Path)
                    .Where(path => path.StartsWith(inside, StringComparison.Ordinal))
                    .Select(path => path[inside.Length..]),
            ];
            ModuleIndexFiles.Add(index, index.Modules.Where(module => packed.Contains(module.Path)), version, tree);
        }
    }
}
