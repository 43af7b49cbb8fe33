using System.Globalization;
using Rootcast.Contract;
using Rootcast.Formats.Tree;
using Rootcast.Images.Tools;

namespace Rootcast.Images.Forms;

/// <summary>
/// Form <c>squashfs</c>: made by mksquashfs straight from the archive, so that nothing is unpacked. What it takes wrongly
/// from an archive (4.5.1: owner and attributes of the root directory, holes that do not end at a block of the archive) goes through a
/// directory instead. POSIX access lists have no place in squashfs.
/// </summary>
/// <param name="asRoot">Whether files may be unpacked with their owners; else fakeroot remembers these.</param>
public sealed class SquashfsForm(bool asRoot) : IFormCaster
{
    // zstd's default level in squashfs (15): 73.7 MB in 23 s of two cores for a Debian tree of 241 MB; level 9 takes 4.4 s for 78.1.
    private const string Level = "15";
    private const string BlockBytes = "131072";
    private const int CopyBytes = 1 << 20;

    private static readonly string[] Settings =
    [
        "-noappend",
        "-no-progress",
        "-quiet",
        "-comp",
        "zstd",
        "-Xcompression-level",
        Level,
        "-b",
        BlockBytes,
    ];

    /// <inheritdoc/>
    public Form Form => Form.Squashfs;

    /// <inheritdoc/>
    public IReadOnlyList<string> Tools => asRoot ? ["mksquashfs"] : ["mksquashfs", "fakeroot"];

    /// <inheritdoc/>
    public async Task<string> DescribeInputsAsync(CastOptions options, CancellationToken cancellation)
    {
        ToolResult version = await new Tool("mksquashfs", "-version") { GoodExitCodes = [0, 1] }.RunAsync(cancellation);
        return $"{version.Output.Split('\n')[0]}, zstd {Level}, block {BlockBytes}, epoch {options.Epoch}";
    }

    /// <inheritdoc/>
    public async Task<long> CastAsync(CastRequest request, CancellationToken cancellation)
    {
        if (NeedsDirectory(request.Facts))
        {
            await using TemporaryDirectory work = TemporaryDirectory.Create(request.WorkDirectory);
            UnpackedTree tree = await UnpackedTree.UnpackAsync(request.Tree, request.Facts, work, asRoot, cancellation);
            string epoch = request.Options.Epoch.ToString(CultureInfo.InvariantCulture);
            string[] arguments = [tree.Path, request.Output, "-mkfs-time", epoch, .. Settings];
            await tree.Run("mksquashfs", arguments, Variables(null)).RunAsync(cancellation);
            return 0;
        }
        TreeEntry? root = request.Facts.Root;
        // It gives the root directory the present time, unless it may clamp every time to this one: the tree's latest, so that nothing else changes.
        string latest = Math.Clamp(request.Facts.LatestTime, 0, uint.MaxValue).ToString(CultureInfo.InvariantCulture);
        string mode = Convert.ToString(root?.Mode ?? 0x1ED, 8);
        string[] command = ["mksquashfs", "-", request.Output, "-tar", "-root-mode", mode, .. Settings];
        // It gives the root directory to whoever runs it.
        Tool tool = asRoot ? new Tool(command[0], command[1..]) : new Tool("fakeroot", ["--", .. command]);
        await (tool with { Environment = Variables(latest), Input = (pipe, token) => CopyAsync(request, pipe, token) }).RunAsync(
            cancellation
        );
        return 0;
    }

    private static bool NeedsDirectory(TreeFacts facts) =>
        facts.Root is { } root && (root.Uid != 0 || root.Gid != 0 || root.Attributes.Count > 0) || facts.HasUnalignedData;

    private static Dictionary<string, string?> Variables(string? epoch) => new(StringComparer.Ordinal) { ["SOURCE_DATE_EPOCH"] = epoch };

    private static async Task CopyAsync(CastRequest request, Stream pipe, CancellationToken cancellation)
    {
        await using FileStream archive = new(request.Tree.TarPath, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        byte[] buffer = new byte[CopyBytes];
        long total = archive.Length;
        for (
            long done = 0;
            await archive.ReadAsync(buffer, cancellation) is > 0 and int length;
            request.Stage.Report(done += length, total)
        )
        {
            await pipe.WriteAsync(buffer.AsMemory(0, length), cancellation);
        }
    }
}
