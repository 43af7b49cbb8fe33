using Rootcast.Contract;
using Rootcast.Images.Tools;
using Rootcast.Images.Trees;

namespace Rootcast.Images.Media;

/// <summary>The tree of a file system without a mount: ext by ourselves, others by programs that need no root, as a tar in the scratch directory.</summary>
/// <param name="scratch">Where there is room.</param>
/// <param name="log">Told every command line.</param>
internal sealed class UnpackedMedia(string scratch, Action<string>? log)
{
    private int count;

    /// <summary>The tree.</summary>
    /// <exception cref="UserError">A program is missing or failed, or there is none for this kind.</exception>
    internal async Task<FileTree> ReadAsync(
        MediaExtent extent,
        string type,
        string name,
        Action<string> note,
        CancellationToken cancellation
    )
    {
        string tar = Path.Combine(scratch, $"unpacked-{count++}.tar");
        switch (type)
        {
            case MediaSignature.Squashfs:
                Tool.Require("sqfs2tar");
                // The root's own owner and mode are kept only under a name; an entry that tar cannot hold is an error.
                await WriteAsync(
                    new Tool("sqfs2tar", "--root-becomes", ".", "--no-skip", await AloneAsync(extent, cancellation)),
                    tar,
                    cancellation
                );
                break;
            case MediaSignature.Erofs:
                await ByDirectoryAsync("fsck.erofs", directory => [$"--extract={directory}", "--preserve"]);
                note("extended attributes are lost: fsck.erofs extracts none (root has them by mounting)");
                break;
            case "ext4":
                return Ext4Tree.Read(extent, note, cancellation);
            default:
                throw new UserError(
                    $"{name} is {type}, which this user cannot read: it takes a mount",
                    "Run this as root, on a kernel that knows it.",
                    UserErrorKind.Missing
                );
        }
        return ArchivedTree.Read(tar, cancellation);

        // fakeroot keeps owners and devices between the two programs, and is gone with them.
        async Task ByDirectoryAsync(string program, Func<string, string[]> arguments)
        {
            Tool.Require(program, "fakeroot", "tar");
            string directory = Path.Combine(scratch, $"unpacked-{count++}");
            const string script =
                "program=$1 image=$2 directory=$3; shift 3; \"$program\" \"$@\" \"$image\" >&2 && exec tar --create --format=pax --numeric-owner --sort=name -C \"$directory\" .";
            string image = await AloneAsync(extent, cancellation);
            string[] command = ["-c", script, "sh", program, image, directory, .. arguments(directory)];
            await WriteAsync(new Tool("fakeroot", ["--", "/bin/sh", .. command]), tar, cancellation);
            await TemporaryDirectory.TryRemoveAsync(directory);
        }
    }

    private async Task WriteAsync(Tool tool, string path, CancellationToken cancellation)
    {
        await using FileStream output = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20);
        await (
            tool with
            {
                Output = (stream, token) => stream.CopyToAsync(output, 1 << 20, token),
                Hint = "The image is damaged or was cut: make or fetch it again.",
                Log = log,
            }
        ).RunAsync(cancellation);
    }

    /// <summary>A file that has the extent and nothing else, for programs that take no offset.</summary>
    private async Task<string> AloneAsync(MediaExtent extent, CancellationToken cancellation)
    {
        if (extent.IsWholeFile)
        {
            return extent.Path;
        }
        string path = Path.Combine(scratch, $"part-{count++}");
        await using FileStream file = new(path, FileMode.CreateNew);
        await using Stream part = extent.Open();
        await part.CopyToAsync(file, 1 << 20, cancellation);
        return path;
    }
}
