using Rootcast.Contract;
using Rootcast.Images.Tools;

namespace Rootcast.Images.Forms;

/// <summary>
/// Form <c>ramdisk</c>: an ext4 image of the tree's size and some room, as one zstd stream of its bytes. It lives in memory, so it has neither a
/// journal nor checksums, and of ext4's features only those that kernels back to 2.6.32 have.
/// </summary>
/// <param name="asRoot">Whether files may be unpacked with their owners; else fakeroot remembers these.</param>
public sealed class RamdiskForm(bool asRoot) : IFormCaster
{
    private const string Features =
        "none,dir_index,filetype,extent,flex_bg,sparse_super,large_file,huge_file,dir_nlink,extra_isize,ext_attr";

    /// <inheritdoc/>
    public Form Form => Form.Ramdisk;

    /// <inheritdoc/>
    public IReadOnlyList<string> Tools => Ext4Image.ToolsFor(asRoot);

    /// <inheritdoc/>
    public async Task<string> DescribeInputsAsync(CastOptions options, CancellationToken cancellation) =>
        $"{await Ext4Image.VersionAsync(cancellation)}, {Features}, size {options.Ramdisk.Bytes}, epoch {options.Epoch}, {ZstdFile.Settings}";

    /// <inheritdoc/>
    public async Task<long> CastAsync(CastRequest request, CancellationToken cancellation)
    {
        RamdiskSize size = RamdiskSize.Of(request.Facts, request.Options.Ramdisk.Bytes);
        await using TemporaryDirectory work = TemporaryDirectory.Create(request.WorkDirectory);
        string image = work.Join("root.img");
        Ext4Image ext4 = new(Features, FixedUuid.Of($"ramdisk of {request.Tree.Digest}"), "-m", "0");
        await ext4.MakeAsync(request, size, asRoot, work, image, cancellation);
        request.Stage.Detail("compressing");
        ZstdFile.Compress(image, request.Output, request.Stage, cancellation);
        return size.Bytes;
    }
}
