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
    private const int JournalMegabytes = 64;

    /// <inheritdoc/>
    public Form Form => Form.Disk;

    /// <inheritdoc/>
    public IReadOnlyList<string> Tools => [.. Ext4Image.ToolsFor(asRoot), "tune2fs"];

    /// <inheritdoc/>
    public async Task<string> DescribeInputsAsync(CastOptions options, CancellationToken cancellation) =>
        $"{await Ext4Image.VersionAsync(cancellation)}, {Features},{LateFeatures}, journal {JournalMegabytes}, epoch {options.Epoch}, "
        + ZstdFile.Settings;

    /// <inheritdoc/>
    public async Task<long> CastAsync(CastRequest request, CancellationToken cancellation)
    {
        RamdiskSize size = RamdiskSize.Of(request.Facts, null);
        await using TemporaryDirectory work = TemporaryDirectory.Create(request.WorkDirectory);
        string image = work.Join("disk.img");
        Guid uuid = FixedUuid.Of($"disk of {request.Tree.Digest}");
        Ext4Image ext4 = new(Features, uuid, "-m", "1", "-L", Label, "-J", $"size={JournalMegabytes}");
        await ext4.MakeAsync(request, size, asRoot, work, image, cancellation);
        // Only now, because the inodes were written to behind mke2fs's back.
        await new Tool("tune2fs", "-O", LateFeatures, image) { Environment = Ext4Image.Variables(request.Options) }.RunAsync(cancellation);
        request.Stage.Detail("compressing");
        ZstdFile.Compress(image, request.Output, request.Stage, cancellation);
        return size.Bytes;
    }
}
