using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Rootcast.Images.Sources;
using Rootcast.Images.Tools;
using Rootcast.Images.Trees;
using Rootcast.Linux;
using Rootcast.Linux.Block;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Images.Media;

/// <summary>The tree of a file system that the kernel mounts for us, read-only, by a loop device. The mount loses its place at once: only our descriptor
/// keeps it, so it goes with this process whatever ends that, and nobody else ever sees it for longer than a moment.</summary>
internal static class MountedTree
{
    /// <summary>What is said of a file system that was not unmounted.</summary>
    internal const string NotReplayed = "it was not unmounted: its journal is not replayed, and what was written last may be missing";

    // Names that installers give the subvolume with the system: Debian, Ubuntu and openSUSE, Fedora.
    private static readonly string[] Subvolumes = ["@rootfs", "@", "root"];

    /// <summary>Whether this process may mount: root with loop devices.</summary>
    internal static bool IsPossible => Environment.IsPrivilegedProcess && File.Exists("/dev/loop-control");

    /// <summary>Mounts and walks; null when this kernel does not know the file system.</summary>
    /// <param name="extent">The file system.</param>
    /// <param name="type">As mount(2) wants it.</param>
    /// <param name="name">What it is called in errors.</param>
    /// <param name="scratch">The directory in which it has its place for that moment.</param>
    /// <param name="note">Told what is left out.</param>
    /// <param name="cancellation">Stops between directories.</param>
    /// <exception cref="LinuxException">It is damaged.</exception>
    internal static async Task<FileTree?> ReadAsync(
        MediaExtent extent,
        string type,
        string name,
        string scratch,
        Action<string> note,
        CancellationToken cancellation
    )
    {
        await using TemporaryDirectory place = TemporaryDirectory.Create(scratch);
        string? options = null;
        SafeFileHandle? root;
        try
        {
            root = Mount(extent, type, OptionsOf(type), place.Path);
        }
        catch (LinuxException error) when (error.Number == Errno.ReadOnly && WithoutJournal(type) is { } unreplayed)
        {
            // Nothing is ever written into a medium, not even what its own journal would.
            options = unreplayed;
            root = Mount(extent, type, Join(OptionsOf(type), options), place.Path);
            note(NotReplayed);
        }
        if (root is null)
        {
            return null;
        }
        if (type == "btrfs" && SubvolumeOf(root) is { } subvolume)
        {
            note($"subvolume {subvolume}");
            root.Dispose();
            root = Mount(extent, type, Join(options, $"subvol={subvolume}"), place.Path)!;
        }
        DirectoryWalk walk = DirectoryWalk.Take(root, name, cancellation);
        if (walk.HasMounts)
        {
            note("other subvolumes are left out");
        }
        int sockets = 0;
        FileTree tree = DirectoryReading.Read(walk, _ => sockets++, cancellation);
        if (sockets > 0)
        {
            note(string.Create(CultureInfo.InvariantCulture, $"{sockets} socket(s) are left out"));
        }
        return tree;
    }

    /// <summary>A copy of a disk of this host has its UUID, which XFS refuses to see twice.</summary>
    private static string? OptionsOf(string type) => type == "xfs" ? "nouuid" : null;

    private static string? WithoutJournal(string type) =>
        type switch
        {
            "ext4" => "noload",
            "xfs" => "norecovery",
            "btrfs" => "rescue=nologreplay",
            _ => null,
        };

    private static string Join(string? first, string second) => first is null ? second : $"{first},{second}";

    private static SafeFileHandle? Mount(MediaExtent extent, string type, string? options, string place)
    {
        LoopOptions window = new(ReadOnly: true, Offset: extent.Offset, Length: extent.IsWholeFile ? 0 : extent.Length);
        using LoopDevice loop = LoopDevice.Attach(extent.Path, window);
        try
        {
            Mounting.Mount(type, loop.Path, place, MountFlags.ReadOnly | MountFlags.NoAccessTime, options);
        }
        catch (LinuxException error) when (error.Number == Errno.NoDevice)
        {
            return null;
        }
        try
        {
            return FileNodes.Open(place, OpenFlags.ReadOnly | OpenFlags.Directory);
        }
        finally
        {
            Mounting.Unmount(place, detach: true);
        }
    }

    private static string? SubvolumeOf(SafeFileHandle root)
    {
        if (Has(root, "etc"))
        {
            return null;
        }
        return Subvolumes.FirstOrDefault(name => Has(root, $"{name}/etc"));
    }

    private static bool Has(SafeFileHandle root, string path) =>
        FileNodes.TryStatus(root, Encoding.UTF8.GetBytes(path), followLinks: false, out FileStatus status, out _) && status.IsDirectory;
}
