using Rootcast.Contract;
using Rootcast.Images.Tools;
using Rootcast.Linux.Block;

namespace Rootcast.Images.Forms;

/// <summary>
/// Form <c>zfs-fuse</c>: a pool on one disk, as one zstd stream. The tree's own zfs-fuse makes it, in mount and process namespaces of its own; its pools have version 23, which every
/// ZFS since reads. A pool has numbers that nobody can choose, so no two are the same bytes.
/// </summary>
public sealed class ZfsFuseForm : IFormCaster
{
    /// <summary>Where in the unpacked tree the pool is mounted while it is filled.</summary>
    private const string Place = "/mnt";

    /// <summary>Arguments: the unpacked tree, the disk, the tree's archive, pool, compression, and directories that are file systems of their own.</summary>
    private const string Script = """
        set -eu
        tree=$1 disk=$2 archive=$3 pool=$4 compression=$5
        shift 5
        mount --bind "$tree" "$tree"
        cd "$tree"
        mount --rbind /dev dev
        mount -t proc proc proc
        mount -t tmpfs run run
        mkdir -p run/zfs run/lock/zfs var/lib/zfs
        chroot . /sbin/zfs-fuse --no-daemon --no-kstat-mount > run/said 2>&1 &
        daemon=$!
        inside() { chroot . "$@"; }
        until inside zpool list > /dev/null 2>&1; do
          kill -0 $daemon 2> /dev/null || { cat run/said >&2; exit 1; }
        done
        inside zpool create -f -R /mnt -o autoexpand=on -O compression="$compression" -O atime=off -O mountpoint=none -m none "$pool" "$disk"
        inside zfs create -o mountpoint=/ "$pool/root"
        inside zpool set bootfs="$pool/root" "$pool"
        for directory in "$@"; do
          inside zfs create -p -o mountpoint="$directory" "$pool/root$directory"
        done
        tar --extract --numeric-owner --same-owner --preserve-permissions --delay-directory-restore --file "$archive" --directory mnt
        inside zpool export "$pool"
        kill $daemon
        wait $daemon || true
        """;

    /// <inheritdoc/>
    public Form Form => Form.ZfsFuse;

    /// <inheritdoc/>
    public IReadOnlyList<string> Tools => ["unshare", "chroot", "tar"];

    /// <inheritdoc/>
    public Task<string> DescribeInputsAsync(CastOptions options, CancellationToken cancellation) =>
        Task.FromResult($"pool {options.Pool}, {ZstdFile.Settings}, 1");

    /// <inheritdoc/>
    public async Task<long> CastAsync(CastRequest request, CancellationToken cancellation)
    {
        PoolOptions options = request.Options.Pool;
        if (!Environment.IsPrivilegedProcess)
        {
            throw new UserError(
                "form zfs-fuse takes root to cast: its pool is filled through a mount",
                "Build as root, or take another form.",
                UserErrorKind.Input
            );
        }
        RamdiskSize size = RamdiskSize.Of(request.Facts, options.Bytes, Form);
        await using TemporaryDirectory work = TemporaryDirectory.Create(request.WorkDirectory);
        request.Stage.Detail("unpacking");
        UnpackedTree tree = await UnpackedTree.UnpackAsync(request.Tree, request.Facts, work, asRoot: true, cancellation);
        foreach (string needed in (string[])["/sbin/zfs-fuse", "/sbin/zpool"])
        {
            if (!File.Exists(tree.Path + needed))
            {
                throw new UserError(
                    $"form zfs-fuse: the tree has no {needed}",
                    "Add the package zfs-fuse to source.debian.packages.",
                    UserErrorKind.Input
                );
            }
        }
        string image = work.Join("pool.img");
        await using (FileStream file = new(image, FileMode.CreateNew))
        {
            file.SetLength(size.Bytes);
        }
        request.Stage.Detail("filling the pool");
        Directory.CreateDirectory(tree.Path + Place);
        using (LoopDevice loop = LoopDevice.Attach(image, new LoopOptions(ReadOnly: false)))
        {
            // Processes and mounts go with the namespaces, whatever happens.
            string[] namespaces = ["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--"];
            string[] arguments = [tree.Path, loop.Path, request.Tree.TarPath, options.Name, options.Compression, .. options.Datasets];
            await new Tool("unshare", [.. namespaces, "sh", "-c", Script, "sh", .. arguments]).RunAsync(cancellation);
        }
        request.Stage.Detail("compressing");
        ZstdFile.Compress(image, request.Output, request.Stage, cancellation);
        return size.Bytes;
    }
}
