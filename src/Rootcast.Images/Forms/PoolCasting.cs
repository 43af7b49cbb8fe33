using Rootcast.Contract;
using Rootcast.Images.Tools;
using Rootcast.Images.Trees;
using Rootcast.Linux.Block;

namespace Rootcast.Images.Forms;

/// <summary>
/// Makes a pool and fills it with a tree: its disks one after another, as one zstd stream. zfs-fuse of a tree makes it, in mount and process namespaces of its own, so that
/// neither this host nor the target needs a module for it. Its pools have version 23, the last that every ZFS reads. A pool has numbers that nobody can choose, so no
/// two are the same bytes.
/// </summary>
internal static class PoolCasting
{
    /// <summary>Programs that are called.</summary>
    public static IReadOnlyList<string> Tools { get; } = ["unshare", "chroot", "tar"];

    private const string Daemon = "/sbin/zfs-fuse";

    /// <summary>Where in the tree with zfs-fuse the pool is mounted while it is filled.</summary>
    private const string Place = "/mnt";

    /// <summary>Arguments: the tree with zfs-fuse, the archive, pool, root file system, directories that are file systems of their own with spaces between; then what
    /// <c>zpool create</c> takes.</summary>
    private const string Script = """
        set -eu
        tree=$1 archive=$2 pool=$3 root=$4 datasets=$5
        shift 5
        mount --bind "$tree" "$tree"
        cd "$tree"
        mount --rbind /dev dev
        mount -t proc proc proc
        mount -t tmpfs run run
        mkdir -p run/zfs run/lock/zfs var/lib/zfs
        chroot . /sbin/zfs-fuse --no-daemon --no-kstat-mount --enable-xattr > run/said 2>&1 &
        daemon=$!
        inside() { chroot . "$@"; }
        until inside zpool list > /dev/null 2>&1; do
          kill -0 $daemon 2> /dev/null || { cat run/said >&2; exit 1; }
        done
        inside zpool create -f -R /mnt "$@"
        # Whoever mounts all file systems of the pool leaves this one alone: another may be the root, a clone of it.
        inside zfs create -p -o canmount=noauto -o mountpoint=/ "$pool/$root"
        inside zfs mount "$pool/$root"
        # Version 23 has it for one disk or mirror alone; in others the only file system that belongs on / is the root.
        inside zpool set bootfs="$pool/$root" "$pool" 2> run/bootfs || grep -q 'not supported on this type of pool' run/bootfs
        for directory in $datasets; do
          inside zfs create -p -o mountpoint="$directory" "$pool/$root$directory"
        done
        tar --extract --numeric-owner --same-owner --preserve-permissions --delay-directory-restore --xattrs --xattrs-include=security.capability --xattrs-include='user.*' \
          --file "$archive" --directory mnt
        inside zpool export "$pool"
        kill $daemon
        wait $daemon || true
        """;

    /// <summary>All beside the trees that decides what is made.</summary>
    public static string Describe(CastOptions options) =>
        $"pool {options.Pool} by zfs-fuse of {options.PoolTools?.Digest ?? "the tree"}, {ZstdFile.Settings}, 4";

    /// <summary>Makes it.</summary>
    /// <returns>Bytes of all disks.</returns>
    /// <exception cref="UserError">Not root, no zfs-fuse, or the tree does not fit.</exception>
    public static async Task<long> CastAsync(Form form, CastRequest request, CancellationToken cancellation)
    {
        PoolOptions options = request.Options.Pool;
        if (!Environment.IsPrivilegedProcess)
        {
            throw new UserError(
                $"form {Names.Of(form)} takes root to cast: its pool is filled through a mount",
                "Build as root, or take another form.",
                UserErrorKind.Input
            );
        }
        long size = SizeOfDisk(form, request.Facts, options);
        await using TemporaryDirectory work = TemporaryDirectory.Create(request.WorkDirectory);
        request.Stage.Detail("unpacking zfs-fuse");
        TreeArchive tools = request.Options.PoolTools ?? request.Tree;
        UnpackedTree tree = await UnpackedTree.UnpackAsync(tools, request.Facts, work, asRoot: true, cancellation);
        if (!File.Exists(tree.Path + Daemon))
        {
            throw new UserError(
                $"form {Names.Of(form)}: the tree has no {Daemon}",
                "Add the package zfs-fuse to source.debian.packages.",
                UserErrorKind.Input
            );
        }
        string image = work.Join("pool.img");
        await using (FileStream file = new(image, FileMode.CreateNew))
        {
            file.SetLength(size * options.Disks);
        }
        request.Stage.Detail("filling the pool");
        Directory.CreateDirectory(tree.Path + Place);
        List<LoopDevice> loops = [];
        try
        {
            for (int disk = 0; disk < options.Disks; disk++)
            {
                loops.Add(LoopDevice.Attach(image, new LoopOptions(ReadOnly: false, Offset: disk * size, Length: size)));
            }
            await RunAsync(tree.Path, request.Tree.TarPath, options, [.. loops.Select(loop => loop.Path)], cancellation);
        }
        finally
        {
            foreach (LoopDevice loop in loops)
            {
                loop.Dispose();
            }
        }
        request.Stage.Detail("compressing");
        ZstdFile.Compress(image, request.Output, request.Stage, cancellation);
        return size * options.Disks;
    }

    /// <summary>In whole MiB: the tree as ext4 would need it, spread over the disks that hold data.</summary>
    private static long SizeOfDisk(Form form, TreeFacts facts, PoolOptions options)
    {
        int spread = PoolLayouts.DataDisks(options.Layout, options.Disks);
        // Parity and padding of small blocks take more than the arithmetic of whole stripes says.
        long asked = options.Bytes is { } bytes
            ? bytes * spread
            : RamdiskSize.Of(facts, null, form).Bytes * (options.Layout == PoolLayout.Single ? 4 : 5) / 4;
        return TreeFacts.RoundUp((RamdiskSize.Of(facts, asked, form).Bytes + spread - 1) / spread, 1 << 20);
    }

    private static Task<ToolResult> RunAsync(
        string tree,
        string archive,
        PoolOptions options,
        string[] disks,
        CancellationToken cancellation
    )
    {
        (string Name, string Value)[] properties = [("compression", options.Compression), ("atime", "off"), .. options.Properties];
        string[] create =
        [
            "-o",
            "autoexpand=on",
            .. properties.SelectMany(property => (string[])["-O", $"{property.Name}={property.Value}"]),
            "-m",
            "none",
            options.Name,
            .. PoolLayouts.Devices(options.Layout, disks),
        ];
        // Processes and mounts go with the namespaces, whatever happens.
        string[] namespaces = ["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--"];
        string[] arguments = [tree, archive, options.Name, options.Root, string.Join(' ', options.Datasets), .. create];
        return new Tool("unshare", [.. namespaces, "sh", "-c", Script, "sh", .. arguments]).RunAsync(cancellation);
    }
}
