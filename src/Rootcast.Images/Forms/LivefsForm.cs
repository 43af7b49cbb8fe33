using System.Globalization;
using Rootcast.Contract;
using Rootcast.Images.Tools;

namespace Rootcast.Images.Forms;

/// <summary>
/// Form <c>livefs</c>: a squashfs with one file, <c>LiveOS/rootfs.img</c>, an ext4 or btrfs image of the tree's size and much room. The room is holes,
/// which squashfs stores as nothing. ext4's journal is for overlays that outlive the machine's power; over memory it stays unused.
/// </summary>
/// <param name="asRoot">Whether files may be unpacked with their owners; else fakeroot remembers these.</param>
public sealed class LivefsForm(bool asRoot) : IFormCaster
{
    private const string Features =
        "none,has_journal,dir_index,filetype,extent,flex_bg,sparse_super,large_file,huge_file,dir_nlink,extra_isize,ext_attr";
    private const int JournalMebibytes = 16;
    private const long Room = 2L << 30;

    /// <inheritdoc/>
    public Form Form => Form.Livefs;

    /// <inheritdoc/>
    public IReadOnlyList<string> Tools => ["mksquashfs", .. Ext4Image.ToolsFor(asRoot)];

    /// <inheritdoc/>
    public async Task<string> DescribeInputsAsync(CastOptions options, CancellationToken cancellation) =>
        $"{await SquashfsForm.DescribeAsync(options.Livefs.Squashfs, cancellation)}, {await DescribeImageAsync(options, cancellation)}, room {Room}, size {options.Livefs.Bytes}, "
        + $"epoch {options.Epoch}";

    /// <inheritdoc/>
    public async Task<long> CastAsync(CastRequest request, CancellationToken cancellation)
    {
        RamdiskSize size = RamdiskSize.Of(request.Facts, request.Options.Livefs.Bytes, Form, Room);
        await using TemporaryDirectory work = TemporaryDirectory.Create(request.WorkDirectory);
        string outer = work.Join("outer");
        string image = Path.Combine(outer, LiveImage.Path);
        Directory.CreateDirectory(Path.GetDirectoryName(image)!);
        Guid uuid = FixedUuid.Of($"livefs of {request.Tree.Digest}");
        if (request.Options.Livefs.FileSystem == DiskFileSystem.Btrfs)
        {
            Tool.Require(MountedImage.ToolsFor(DiskFileSystem.Btrfs));
            await MountedImage.MakeAsync(request, DiskFileSystem.Btrfs, size.Bytes, uuid, work, image, cancellation);
        }
        else
        {
            Ext4Image ext4 = new(Features, uuid, "-m", "0", "-J", $"size={JournalMebibytes}");
            await ext4.MakeAsync(request, size, asRoot, work, image, cancellation);
        }
        request.Stage.Detail("squashfs");
        string epoch = request.Options.Epoch.ToString(CultureInfo.InvariantCulture);
        string[] fixedFacts = ["-all-root", "-root-mode", "755", "-all-time", epoch, "-mkfs-time", epoch];
        string[] arguments = [outer, request.Output, .. fixedFacts, .. SquashfsForm.Settings, .. request.Options.Livefs.Squashfs.Arguments];
        await new Tool("mksquashfs", arguments) { Environment = SquashfsForm.Variables(null) }.RunAsync(cancellation);
        return 0;
    }

    private static async Task<string> DescribeImageAsync(CastOptions options, CancellationToken cancellation) =>
        options.Livefs.FileSystem == DiskFileSystem.Btrfs
            ? $"btrfs: {await MountedImage.VersionAsync(DiskFileSystem.Btrfs, cancellation)}"
            : $"{await Ext4Image.VersionAsync(cancellation)}, {Features}, journal {JournalMebibytes}";
}
