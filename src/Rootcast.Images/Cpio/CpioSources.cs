using System.Runtime.ExceptionServices;
using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Formats;
using Rootcast.Formats.Cpio;
using Rootcast.Formats.Tree;
using Rootcast.Linux;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Cpio;

/// <summary>What the names of a request are: each looked at once, sorted, names of one file put together. Independent of the order of the names.</summary>
internal sealed class CpioSources
{
    private CpioSources(IReadOnlyList<CpioSource> all, int leading, int names)
    {
        All = all;
        Leading = leading;
        Names = names;
    }

    /// <summary>Every node; the first <see cref="Leading"/> must keep their order.</summary>
    public IReadOnlyList<CpioSource> All { get; }

    /// <summary>How many of them are directories, links that other names lead through, or microcode.</summary>
    public int Leading { get; }

    /// <summary>How many names they have together.</summary>
    public int Names { get; }

    /// <summary>Looks at all of them.</summary>
    /// <exception cref="UserError">One is not there.</exception>
    public static CpioSources Of(CpioRequest request, SafeFileHandle directory, CancellationToken cancellation)
    {
        SourceName[] sorted = Sorted(request.Names);
        CpioSource[] found = new CpioSource[sorted.Length];
        // Looking costs a walk from the root of the names for each; the walks don't wait for each other.
        const int worthThreads = 512;
        if (sorted.Length < worthThreads)
        {
            Look(0, sorted.Length);
        }
        else
        {
            const int parts = 2;
            try
            {
                Parallel.For(0, parts, part => Look(sorted.Length * part / parts, sorted.Length * (part + 1) / parts));
            }
            catch (AggregateException e)
            {
                ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
            }
        }
        return Arrange(found);

        void Look(int from, int to)
        {
            for (int index = from; index < to; index++)
            {
                found[index] = LookAt(sorted[index], directory, request);
                if (index % 256 == 0)
                {
                    cancellation.ThrowIfCancellationRequested();
                }
            }
        }
    }

    /// <summary>Entries that were put together by whoever knows them, by path.</summary>
    /// <param name="found">In any order; no path comes twice.</param>
    public static CpioSources Of(IEnumerable<CpioSource> found)
    {
        CpioSource[] sorted = [.. found];
        Array.Sort(sorted, static (left, right) => left.Path.CompareTo(right.Path));
        return Arrange(sorted);
    }

    private static SourceName[] Sorted(IReadOnlyList<SourceName> names)
    {
        SourceName[] sorted = [.. names];
        Array.Sort(
            sorted,
            static (left, right) =>
                left.Path.CompareTo(right.Path) is not 0 and int order ? order : left.IsAbsolute.CompareTo(right.IsAbsolute)
        );
        int kept = 0;
        foreach (SourceName name in sorted)
        {
            if (kept == 0 || sorted[kept - 1].Path != name.Path)
            {
                sorted[kept++] = name;
            }
        }
        return sorted[..kept];
    }

    private static CpioSource LookAt(SourceName name, SafeFileHandle directory, CpioRequest request)
    {
        ReadOnlyMemory<byte> path = name.Path.IsEmpty ? "."u8.ToArray() : name.Path.Memory;
        if (name.IsAbsolute)
        {
            path = (byte[])[(byte)'/', .. name.Path.Bytes];
        }
        if (!FileNodes.TryStatus(directory, path.Span, followLinks: false, out FileStatus status, out int errno))
        {
            throw new UserError(
                $"{new UnixPath(path)} cannot be read: {Errno.Describe(errno)}",
                "Names are relative to the directory that this runs in, one a line; with --null they are separated by NULs (find -print0).",
                UserErrorKind.Input
            );
        }
        UnixPath target = status.IsSymlink ? new UnixPath(FileNodes.ReadLink(directory, path.Span)) : default;
        long modified = request.ModifiedSeconds ?? Math.Min(status.ModifiedSeconds, request.LatestModifiedSeconds ?? long.MaxValue);
        return new CpioSource(Entry(name.Path, status, target, modified)) { OpenPath = path, Status = status };
    }

    private static CpioSources Arrange(CpioSource[] found)
    {
        List<CpioSource> others = new(found.Length);
        List<CpioSource> leading = [];
        Dictionary<(ulong Device, ulong Inode), CpioSource> files = [];
        HashSet<UnixPath> throughLinks = ParentsThatAreLinks(found);
        List<CpioSource> behindLinks = [];
        foreach (CpioSource source in found)
        {
            bool leads = throughLinks.Contains(source.Path);
            if (source.Entry.Kind == NodeKind.Directory || leads || IsEarly(source.Path))
            {
                // What a link leads to must be there before what is below it.
                bool late = leads || (throughLinks.Count > 0 && HasParentIn(source.Path, throughLinks));
                (late ? behindLinks : leading).Add(source);
                continue;
            }
            if (source.Entry.Kind == NodeKind.File && source.Status is { IsFile: true, Links: > 1 })
            {
                (ulong, ulong) key = (source.Status.Device, source.Status.Inode);
                if (files.TryGetValue(key, out CpioSource? first) && IsSameNode(first.Entry, source.Entry))
                {
                    (first.Links ??= []).Add(source.Path);
                    continue;
                }
                files.TryAdd(key, source);
            }
            others.Add(source);
        }
        leading.AddRange(behindLinks);
        int count = leading.Count;
        leading.AddRange(others);
        return new CpioSources(leading, count, found.Length);
    }

    private static HashSet<UnixPath> ParentsThatAreLinks(CpioSource[] found)
    {
        HashSet<UnixPath> links = [];
        foreach (CpioSource source in found)
        {
            if (source.Entry.Kind == NodeKind.Symlink)
            {
                links.Add(source.Path);
            }
        }
        HashSet<UnixPath> parents = [];
        UnixPath before = default;
        foreach (CpioSource source in found)
        {
            for (UnixPath parent = Parent(source.Path); !parent.IsEmpty && parent != before; parent = Parent(parent))
            {
                if (links.Contains(parent))
                {
                    parents.Add(parent);
                }
            }
            before = Parent(source.Path);
        }
        return parents;
    }

    private static bool HasParentIn(UnixPath path, HashSet<UnixPath> paths)
    {
        for (UnixPath parent = Parent(path); !parent.IsEmpty; parent = Parent(parent))
        {
            if (paths.Contains(parent))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>What the kernel takes before it unpacks anything: it looks at the beginning of the initrd only, and wants names without further NULs.</summary>
    private static bool IsEarly(UnixPath path) =>
        path.Bytes.StartsWith("kernel/x86/microcode/"u8) || path.Bytes.StartsWith("kernel/firmware/acpi/"u8);

    private static UnixPath Parent(UnixPath path)
    {
        int slash = path.Bytes.LastIndexOf((byte)'/');
        return slash < 0 ? default : new UnixPath(path.Memory[..slash]);
    }

    /// <summary>The order in which they are written.</summary>
    public CpioOrder Order(int alignment, long position = 0)
    {
        CpioPart[] parts = new CpioPart[All.Count];
        for (int index = 0; index < parts.Length; index++)
        {
            CpioSource source = All[index];
            long followers = 0;
            foreach (UnixPath link in source.Links ?? [])
            {
                followers += CpioPart.LengthOf(link.Bytes.Length, 0);
            }
            bool isFile = source.Entry.Kind == NodeKind.File;
            long size = isFile ? source.Entry.Size : source.Entry.Target.Bytes.Length;
            parts[index] = new CpioPart(Math.Max(source.Path.Bytes.Length, 1), size, isFile, followers);
        }
        return CpioOrder.Of(parts, Leading, alignment, position);
    }

    /// <summary>Names of one file that are to look different can't be names of one file.</summary>
    private static bool IsSameNode(TreeEntry one, TreeEntry other) =>
        (one.Mode, one.Uid, one.Gid, one.ModifiedSeconds) == (other.Mode, other.Uid, other.Gid, other.ModifiedSeconds);

    private static TreeEntry Entry(UnixPath path, FileStatus status, UnixPath target, long modified) =>
        new()
        {
            Path = path,
            Kind = status.Type switch
            {
                FileStatus.TypeDirectory => NodeKind.Directory,
                FileStatus.TypeSymlink => NodeKind.Symlink,
                FileStatus.TypeCharacterDevice => NodeKind.CharacterDevice,
                FileStatus.TypeBlockDevice => NodeKind.BlockDevice,
                FileStatus.TypeFifo => NodeKind.Fifo,
                FileStatus.TypeSocket => NodeKind.Socket,
                _ => NodeKind.File,
            },
            Mode = status.Permissions,
            Uid = status.Uid,
            Gid = status.Gid,
            ModifiedSeconds = modified,
            Size = status.IsFile ? status.Size : 0,
            Target = target,
            DeviceMajor = status.NodeMajor,
            DeviceMinor = status.NodeMinor,
        };
}
