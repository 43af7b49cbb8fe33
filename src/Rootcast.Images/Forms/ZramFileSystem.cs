using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Formats;
using Rootcast.Formats.Tar;
using Rootcast.Formats.Tree;
using Rootcast.Images.Tools;
using Rootcast.Linux.Files;

namespace Rootcast.Images.Forms;

/// <summary>
/// The empty file system that form <c>zram</c> starts with, for the initramfs: a tar archive with one sparse file, whose name is the file system's
/// type and whose data are the blocks that are not zero. That is a few kilobytes, where mke2fs or mkfs.btrfs with their libraries
/// would be a megabyte and more.
/// </summary>
internal static class ZramFileSystem
{
    private const int Block = 4096;

    // No journal and no checksums: it is gone with the machine's power, whatever happens.
    private const string Ext4Features =
        "none,dir_index,filetype,extent,flex_bg,sparse_super,large_file,huge_file,dir_nlink,extra_isize,ext_attr";

    /// <summary>The program that makes it.</summary>
    public static string ToolFor(ZramOptions options) => options.FileSystem == "btrfs" ? "mkfs.btrfs" : "mke2fs";

    /// <summary>Makes it. An ext4 is the same bytes each time; mkfs.btrfs puts identifiers of its own into a device.</summary>
    /// <exception cref="UserError">The tree does not fit into the size that the recipe says.</exception>
    public static async Task<byte[]> MakeAsync(CastOptions options, TreeFacts facts, string directory, CancellationToken cancellation)
    {
        RamdiskSize size = RamdiskSize.Of(facts, options.Zram.Bytes, Form.Zram);
        await using TemporaryDirectory work = TemporaryDirectory.Create(directory);
        string image = work.Join("empty");
        using SafeFileHandle file = File.OpenHandle(image, FileMode.CreateNew, FileAccess.ReadWrite);
        FileData.SetLength(file, size.Bytes, image);
        Guid uuid = FixedUuid.Of($"zram of {size}");
        Tool tool =
            options.Zram.FileSystem == "btrfs"
                ? new Tool("mkfs.btrfs", "-q", "-f", "-m", "single", "-d", "single", "-U", uuid.ToString(), image)
                : new Tool("mke2fs", [.. Ext4Arguments(size, uuid), image]) { Environment = Ext4Image.Variables(options) };
        await tool.RunAsync(cancellation);
        return Pack(file, image, options.Zram.FileSystem, size.Bytes);
    }

    private static string[] Ext4Arguments(RamdiskSize size, Guid uuid) =>
        [
            "-q",
            "-F",
            "-t",
            "ext4",
            "-b",
            "4096",
            "-I",
            "256",
            "-N",
            size.Inodes.ToString(CultureInfo.InvariantCulture),
            "-m",
            "0",
            "-O",
            Ext4Features,
            "-U",
            uuid.ToString(),
            "-E",
            $"hash_seed={uuid},lazy_itable_init=0,nodiscard",
        ];

    private static byte[] Pack(SafeFileHandle file, string path, string type, long length)
    {
        List<DataRange> ranges = [];
        using MemoryStream data = new();
        byte[] block = new byte[Block];
        for (long start = FileData.SeekData(file, 0, path); start >= 0; start = FileData.SeekData(file, start, path))
        {
            long end = FileData.SeekHole(file, start, path);
            for (long at = start / Block * Block; at < end; at += Block)
            {
                int read = FileData.ReadAt(file, block, at, path);
                if (block.AsSpan(0, read).ContainsAnyExcept((byte)0))
                {
                    ranges.Add(new DataRange(at, read));
                    data.Write(block, 0, read);
                }
            }
            start = end;
        }
        using MemoryStream archive = new();
        TarWriter writer = new(archive);
        writer.Begin(
            new TreeEntry
            {
                Path = UnixPath.From(type),
                Kind = NodeKind.File,
                Mode = 0x180,
                Size = length,
                DataRanges = ranges,
            }
        );
        writer.WriteData(data.ToArray());
        writer.End();
        writer.Finish();
        return archive.ToArray();
    }
}
