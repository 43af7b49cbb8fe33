using System.Globalization;
using Rootcast.Images.Tools;

namespace Rootcast.Images.Forms;

/// <summary>An ext4 image of a tree, the same bytes each time.</summary>
/// <param name="Features">As <c>mke2fs -O</c> takes them; neither <c>64bit</c> nor <c>metadata_csum</c>, see <see cref="Ext4Inodes"/>.</param>
/// <param name="Uuid">Of the file system.</param>
/// <param name="Further">More arguments of mke2fs.</param>
internal sealed record Ext4Image(string Features, Guid Uuid, params IReadOnlyList<string> Further)
{
    /// <summary>What is called to make one.</summary>
    public static IReadOnlyList<string> ToolsFor(bool asRoot) => asRoot ? ["mke2fs", "tar"] : ["mke2fs", "tar", "fakeroot", "setfattr"];

    /// <summary>Version of mke2fs, which decides about bytes.</summary>
    public static async Task<string> VersionAsync(CancellationToken cancellation)
    {
        ToolResult version = await new Tool("mke2fs", "-V") { GoodExitCodes = [0, 1] }.RunAsync(cancellation);
        return version.Errors.Split('\n')[0];
    }

    /// <summary>What the programs of e2fsprogs must be told to give the same bytes everywhere.</summary>
    public static Dictionary<string, string?> Variables(CastOptions options) =>
        new(StringComparer.Ordinal)
        {
            // 0 would be no time for them, and the present taken.
            ["E2FSPROGS_FAKE_TIME"] = Math.Max(options.Epoch, 1).ToString(CultureInfo.InvariantCulture),
            ["E2FSCK_TIME"] = Math.Max(options.Epoch, 1).ToString(CultureInfo.InvariantCulture),
            // The host's defaults would make another image on another distribution.
            ["MKE2FS_CONFIG"] = "/dev/null",
        };

    /// <summary>Makes it.</summary>
    /// <param name="request">The tree and the epoch.</param>
    /// <param name="size">Of the file system.</param>
    /// <param name="asRoot">Whether files may be unpacked with their owners; else fakeroot remembers these.</param>
    /// <param name="work">Where the tree is unpacked.</param>
    /// <param name="path">The image; nothing is there yet.</param>
    /// <param name="cancellation">Ends the programs.</param>
    public async Task MakeAsync(
        CastRequest request,
        RamdiskSize size,
        bool asRoot,
        TemporaryDirectory work,
        string path,
        CancellationToken cancellation
    )
    {
        await using (FileStream file = new(path, FileMode.CreateNew))
        {
            file.SetLength(size.Bytes);
        }
        request.Stage.Detail("unpacking");
        UnpackedTree tree = await UnpackedTree.UnpackAsync(request.Tree, request.Facts, work, asRoot, cancellation);
        request.Stage.Detail("ext4");
        await tree.Run("mke2fs", Arguments(request, size, tree.Path, path), Variables(request.Options)).RunAsync(cancellation);
        Ext4Inodes.Settle(path, request.Options.Epoch, request.Facts);
    }

    private string[] Arguments(CastRequest request, RamdiskSize size, string directory, string image)
    {
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
            .. Further,
            "-O",
            Features,
            "-U",
            Uuid.ToString(),
            "-E",
            $"hash_seed={Uuid},lazy_itable_init=0,root_owner={uid}:{gid}",
            "-d",
            directory,
            image,
        ];
    }
}
