using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Rootcast.Images.Tools;
using Rootcast.Linux.Block;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Images.Disks;

/// <summary>Lets a file system fill the space that it was put into.</summary>
internal static class FileSystemGrowth
{
    /// <summary>What is called for a kind of file system.</summary>
    public static IReadOnlyList<string> ToolsFor(string type) =>
        type switch
        {
            "xfs" => ["xfs_growfs"],
            "btrfs" => ["btrfs"],
            _ => ["resize2fs"],
        };

    /// <summary>Grows a file system inside a disk, as root.</summary>
    /// <param name="disk">Device or file.</param>
    /// <param name="offset">Where the file system begins.</param>
    /// <param name="length">How long it becomes.</param>
    /// <param name="work">Where it may be mounted.</param>
    /// <param name="cancellation">Ends the programs.</param>
    /// <returns>Its type.</returns>
    public static async Task<string> GrowAsync(
        string disk,
        long offset,
        long length,
        TemporaryDirectory work,
        CancellationToken cancellation
    )
    {
        // The device stays until the last user is gone, and for us that is when this returns.
        using LoopDevice loop = LoopDevice.Attach(disk, new LoopOptions(ReadOnly: false, Offset: offset, Length: length));
        string type = TypeOf(loop.Path);
        Tool.Require(ToolsFor(type));
        if (type == "ext4")
        {
            await new Tool("resize2fs", loop.Path).RunAsync(cancellation);
            return type;
        }
        string place = work.Join("grown");
        Directory.CreateDirectory(place);
        // Another file system that was made of the same image may be mounted here.
        Mounting.Mount(type, loop.Path, place, MountFlags.None, type == "xfs" ? "nouuid" : null);
        try
        {
            await (type == "xfs" ? new Tool("xfs_growfs", place) : new Tool("btrfs", "filesystem", "resize", "max", place)).RunAsync(
                cancellation
            );
        }
        finally
        {
            Mounting.Unmount(place);
        }
        return type;
    }

    /// <summary>Grows ext4 in a file of its own, which needs nobody's leave.</summary>
    public static async Task GrowExt4Async(string image, long length, CancellationToken cancellation)
    {
        Tool.Require(ToolsFor("ext4"));
        string kibibytes = (length >> 10).ToString(CultureInfo.InvariantCulture);
        await new Tool("resize2fs", image, $"{kibibytes}K").RunAsync(cancellation);
    }

    /// <summary>Which file system a file or device begins with.</summary>
    /// <exception cref="InvalidDataException">None that can be grown.</exception>
    public static string TypeOf(string path)
    {
        using SafeFileHandle file = FileNodes.Open(path, OpenFlags.ReadOnly);
        byte[] first = new byte[FileSystemSignature.BytesNeeded];
        FileSystemSignature? signature = FileSystemSignature.Read(first.AsSpan(0, FileData.ReadAt(file, first, 0, path)));
        return signature?.Type is "ext4" or "xfs" or "btrfs"
            ? signature.Type
            : throw new InvalidDataException($"{path} holds no file system that can grow, but {signature?.ToString() ?? "unknown bytes"}");
    }
}
