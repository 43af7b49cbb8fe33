using Rootcast.Contract;
using Rootcast.Images.Tools;

namespace Rootcast.Images.Forms;

/// <summary>
/// Form <c>disk</c>: a file system for a partition, as one zstd stream. It can grow to any disk, and has what protects data on one: a journal and
/// checksums.
/// </summary>
/// <param name="asRoot">Whether files may be unpacked with their owners; else fakeroot remembers these.</param>
public sealed class DiskForm(bool asRoot) : IFormCaster
{
    /// <summary>Label of the file system.</summary>
    public const string Label = "rootcast";

    private const string Features =
        "none,has_journal,resize_inode,dir_index,filetype,extent,flex_bg,sparse_super,large_file,huge_file,dir_nlink,extra_isize,ext_attr";
    private const string LateFeatures = "metadata_csum";
    private const int JournalMebibytes = 64;

    /// <inheritdoc/>
    public Form Form => Form.Disk;

    /// <inheritdoc/>
    public IReadOnlyList<string> Tools => [.. Ext4Image.ToolsFor(asRoot), "tune2fs", "e2fsck"];

    /// <inheritdoc/>
    public async Task<string> DescribeInputsAsync(CastOptions options, CancellationToken cancellation)
    {
        DiskFileSystem fileSystem = options.Disk.FileSystem;
        string how =
            fileSystem == DiskFileSystem.Ext4
                ? $"{await Ext4Image.VersionAsync(cancellation)}, {Features},{LateFeatures} checked, journal {JournalMebibytes}"
                : await MountedImage.VersionAsync(fileSystem, cancellation);
        return $"{DiskOptions.NameOf(fileSystem)}: {how}, size {options.Disk.Bytes}, epoch {options.Epoch}, {ZstdFile.Settings}";
    }

    /// <inheritdoc/>
    public async Task<long> CastAsync(CastRequest request, CancellationToken cancellation)
    {
        DiskOptions options = request.Options.Disk;
        RamdiskSize size = RamdiskSize.Of(request.Facts, options.Bytes, Form);
        await using TemporaryDirectory work = TemporaryDirectory.Create(request.WorkDirectory);
        string image = work.Join("disk.img");
        Guid uuid = FixedUuid.Of($"disk of {request.Tree.Digest}");
        long bytes = size.Bytes;
        if (options.FileSystem == DiskFileSystem.Ext4)
        {
            await MakeExt4Async(request, size, uuid, work, image, cancellation);
        }
        else
        {
            Tool.Require(MountedImage.ToolsFor(options.FileSystem));
            bytes = await MountedImage.MakeAsync(request, options.FileSystem, bytes, uuid, work, image, cancellation);
        }
        request.Stage.Detail("compressing");
        ZstdFile.Compress(image, request.Output, request.Stage, cancellation);
        return bytes;
    }

    private async Task MakeExt4Async(
        CastRequest request,
        RamdiskSize size,
        Guid uuid,
        TemporaryDirectory work,
        string image,
        CancellationToken cancellation
    )
    {
        // mke2fs refuses a journal that takes most of the file system.
        long journal = Math.Clamp((size.Bytes >> 20) / 8, 4, JournalMebibytes);
        Ext4Image ext4 = new(Features, uuid, "-m", "1", "-L", Label, "-J", $"size={journal}");
        await ext4.MakeAsync(request, size, asRoot, work, image, cancellation);
        // Only now, because the inodes were written to behind mke2fs's back.
        Dictionary<string, string?> variables = Ext4Image.Variables(request.Options);
        await new Tool("tune2fs", "-O", LateFeatures, image) { Environment = variables }.RunAsync(cancellation);
        // Blocks of directories that are full to the last byte have no room for a checksum until e2fsck -D makes some; tune2fs leaves a file system
        // that calls itself damaged then. 1: it has mended something.
        await new Tool("e2fsck", "-f", "-y", "-D", image) { Environment = variables, GoodExitCodes = [0, 1] }.RunAsync(cancellation);
    }
}
