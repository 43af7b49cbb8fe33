using Rootcast.Formats;
using Rootcast.Formats.Cpio;
using Rootcast.Formats.Tree;
using Rootcast.Images.Initramfs;

namespace Rootcast.Images.Cpio;

/// <summary>Reads an initrd to its end as the kernel does, sums included, and tells what the kernel would stop at, pass over or be unable to make.</summary>
public static class CpioCheck
{
    /// <summary>Directories of the archive that is built into every kernel (usr/default_cpio_list).</summary>
    private static readonly string[] BuiltIn = ["dev", "root"];

    /// <summary>Everything found, in the order in which it was met.</summary>
    /// <param name="initrd">The whole initrd.</param>
    /// <param name="entries">How many entries were read.</param>
    public static IReadOnlyList<CpioFinding> Run(Stream initrd, out int entries)
    {
        using MemberDecompressor decompressor = new();
        using InitrdReader reader = new(initrd, decompressor.Open);
        List<CpioFinding> findings = [];
        HashSet<UnixPath> directories = [.. BuiltIn.Select(UnixPath.From)];
        HashSet<UnixPath> links = [];
        entries = 0;
        int told = 0;
        bool stopped = false;
        while (!stopped)
        {
            TreeEntry? entry = null;
            try
            {
                entry = reader.Next();
                while (entry is not null && reader.ReadData(out _)) { }
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
            {
                // A sum that is wrong ends that archive for the kernel, too.
                findings.Add(new CpioFinding(reader.EntryOffset, $"the kernel stops here: {e.Message}", Breaks: true));
                stopped = true;
            }
            for (; told < reader.Problems.Count; told++)
            {
                ArchiveProblem problem = reader.Problems[told];
                findings.Add(new CpioFinding(problem.Offset, problem.Reason, problem.Reason != CpioReader.WithoutTrailer));
            }
            if (entry is null)
            {
                break;
            }
            entries++;
            if (MissingParent(entry.Path, directories, links) is { } parent)
            {
                findings.Add(
                    new CpioFinding(
                        reader.EntryOffset,
                        $"{entry.Path} can't be made: its directory {parent} does not come before it",
                        Breaks: true
                    )
                );
            }
            if (entry.Kind is NodeKind.Directory or NodeKind.Symlink)
            {
                (entry.Kind == NodeKind.Directory ? directories : links).Add(entry.Path);
            }
        }
        return findings;
    }

    private static UnixPath? MissingParent(UnixPath path, HashSet<UnixPath> directories, HashSet<UnixPath> links)
    {
        UnixPath parent = Parent(path);
        if (parent.IsEmpty || directories.Contains(parent))
        {
            return null;
        }
        for (UnixPath above = parent; !above.IsEmpty; above = Parent(above))
        {
            if (links.Contains(above))
            {
                // It may lead to a directory that has all that is below; where to is the kernel's to follow.
                return null;
            }
        }
        return parent;
    }

    private static UnixPath Parent(UnixPath path)
    {
        int slash = path.Bytes.LastIndexOf((byte)'/');
        return slash < 0 ? default : new UnixPath(path.Memory[..slash]);
    }
}
