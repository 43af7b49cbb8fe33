using System.Globalization;
using Rootcast.Contract;
using Rootcast.Images.Tools;
using Rootcast.Linux;
using Rootcast.Linux.Block;
using Rootcast.Linux.Mounts;

namespace Rootcast.Images.Forms;

/// <summary>
/// An xfs or btrfs image of a tree. Their programs cannot put a whole tree into an image themselves (mkfs.btrfs 6.2 --rootdir sets every time to 0,
/// mkfs.xfs 6.1 -p knows neither times nor attributes), so it is mounted and filled by the kernel. Identifiers are fixed; change times, generation numbers
/// and the places of blocks are the kernel's, so no two are the same bytes.
/// </summary>
internal static class MountedImage
{
    // mkfs.xfs 6.1 makes none below 300 MB; mkfs.btrfs wants 109 MiB with its metadata twice.
    private const long Least = 320L << 20;

    /// <summary>What is called.</summary>
    public static IReadOnlyList<string> ToolsFor(DiskFileSystem fileSystem) => [$"mkfs.{DiskOptions.NameOf(fileSystem)}", "tar"];

    /// <summary>Version of the program that makes it.</summary>
    public static async Task<string> VersionAsync(DiskFileSystem fileSystem, CancellationToken cancellation) =>
        await new Tool($"mkfs.{DiskOptions.NameOf(fileSystem)}", "-V").ReadAsync(cancellation);

    /// <summary>Makes it.</summary>
    /// <returns>Its size in bytes.</returns>
    /// <exception cref="UserError">This is not root, or the kernel does not know the file system.</exception>
    public static async Task<long> MakeAsync(
        CastRequest request,
        DiskFileSystem fileSystem,
        long bytes,
        Guid uuid,
        TemporaryDirectory work,
        string path,
        CancellationToken cancellation
    )
    {
        string type = DiskOptions.NameOf(fileSystem);
        if (!Environment.IsPrivilegedProcess)
        {
            throw new UserError(
                $"an image with {type} takes root: the image is filled through a mount",
                "Build as root, or take ext4, which needs no mount.",
                UserErrorKind.Input
            );
        }
        bytes = Math.Max(bytes, Least);
        await using (FileStream file = new(path, FileMode.CreateNew))
        {
            file.SetLength(bytes);
        }
        request.Stage.Detail(type);
        await new Tool($"mkfs.{type}", Arguments(fileSystem, uuid, path))
        {
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["SOURCE_DATE_EPOCH"] = request.Options.Epoch.ToString(CultureInfo.InvariantCulture),
                ["DETERMINISTIC_SEED"] = "1",
            },
        }.RunAsync(cancellation);
        // Where UnpackedTree unpacks.
        string place = work.Join("tree");
        Directory.CreateDirectory(place);
        Mount(type, path, place);
        try
        {
            request.Stage.Detail("unpacking");
            await UnpackedTree.UnpackAsync(request.Tree, request.Facts, work, asRoot: true, cancellation);
        }
        finally
        {
            Mounting.Unmount(place);
        }
        return bytes;
    }

    private static string[] Arguments(DiskFileSystem fileSystem, Guid uuid, string path) =>
        fileSystem == DiskFileSystem.Xfs
            ? ["-q", "-m", $"uuid={uuid}", "-L", DiskForm.Label, path]
            : ["-q", "-U", $"{uuid}", "-L", DiskForm.Label, path];

    private static void Mount(string type, string path, string place)
    {
        try
        {
            using LoopDevice loop = LoopDevice.Attach(path, new LoopOptions(ReadOnly: false));
            Mounting.Mount(type, loop.Path, place, MountFlags.None, type == "xfs" ? "nouuid" : null);
        }
        catch (LinuxException error) when (error.Number is Errno.NoDevice or Errno.NoEntry)
        {
            throw new UserError(
                $"this host cannot mount {type}: {error.Message}",
                "Load its module (modprobe), or take ext4, which needs no mount.",
                UserErrorKind.Missing,
                error
            );
        }
    }
}
