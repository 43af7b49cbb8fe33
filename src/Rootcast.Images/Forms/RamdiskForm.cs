using System.Globalization;
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
    public IReadOnlyList<string> Tools => asRoot ? ["mke2fs", "tar"] : ["mke2fs", "tar", "fakeroot", "setfattr"];

    /// <inheritdoc/>
    public async Task<string> DescribeInputsAsync(CastOptions options, CancellationToken cancellation)
    {
        ToolResult version = await new Tool("mke2fs", "-V") { GoodExitCodes = [0, 1] }.RunAsync(cancellation);
        return $"{version.Errors.Split('\n')[0]}, {Features}, size {options.RamdiskBytes}, epoch {options.Epoch}, {ZstdFile.Settings}";
    }

    /// <inheritdoc/>
    public async Task<long> CastAsync(CastRequest request, CancellationToken cancellation)
    {
        RamdiskSize size = RamdiskSize.Of(request.Facts, request.Options.RamdiskBytes);
        await using TemporaryDirectory work = TemporaryDirectory.Create(request.WorkDirectory);
        string image = work.Join("root.img");
        await using (FileStream file = new(image, FileMode.CreateNew))
        {
            file.SetLength(size.Bytes);
        }
        request.Stage.Detail("unpacking");
        UnpackedTree tree = await UnpackedTree.UnpackAsync(request.Tree, request.Facts, work, asRoot, cancellation);
        request.Stage.Detail("ext4");
        await tree.Run("mke2fs", Arguments(request, size, tree.Path, image), Variables(request.Options)).RunAsync(cancellation);
        Ext4Inodes.Settle(image, request.Options.Epoch, request.Facts);
        request.Stage.Detail("compressing");
        ZstdFile.Compress(image, request.Output, request.Stage, cancellation);
        return size.Bytes;
    }

    private static string[] Arguments(CastRequest request, RamdiskSize size, string directory, string image)
    {
        // Any fixed identifier would do; the tree's keeps two images on one machine apart. Version 4, variant 1.
        string hex = request.Tree.Digest["sha256:".Length..];
        string uuid = $"{hex[..8]}-{hex[8..12]}-4{hex[13..16]}-8{hex[17..20]}-{hex[20..32]}";
        (uint uid, uint gid) = (request.Facts.Root?.Uid ?? 0, request.Facts.Root?.Gid ?? 0);
        return
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
            Features,
            "-U",
            uuid,
            "-E",
            $"hash_seed={uuid},lazy_itable_init=0,root_owner={uid}:{gid}",
            "-d",
            directory,
            image,
        ];
    }

    private static Dictionary<string, string?> Variables(CastOptions options) =>
        new(StringComparer.Ordinal)
        {
            ["E2FSPROGS_FAKE_TIME"] = options.Epoch.ToString(CultureInfo.InvariantCulture),
            // The host's defaults would make another image on another distribution.
            ["MKE2FS_CONFIG"] = "/dev/null",
        };
}
