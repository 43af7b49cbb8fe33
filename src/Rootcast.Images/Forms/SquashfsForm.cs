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
    private const int CopyBytes = 1 << 20;

    internal static readonly string[] Settings = ["-noappend", "-no-progress", "-quiet"];

    /// <inheritdoc/>
    public Form Form => Form.Squashfs;

    /// <inheritdoc/>
    public IReadOnlyList<string> Tools => asRoot ? ["mksquashfs"] : ["mksquashfs", "fakeroot"];

    /// <inheritdoc/>
    public async Task<string> DescribeInputsAsync(CastOptions options, CancellationToken cancellation) =>
        $"{await DescribeAsync(options.Squashfs, cancellation)}, epoch {options.Epoch}";

    /// <summary>Version of mksquashfs and what it is told.</summary>
    internal static async Task<string> DescribeAsync(SquashfsOptions options, CancellationToken cancellation)
    {
        ToolResult version = await new Tool("mksquashfs", "-version") { GoodExitCodes = [0, 1] }.RunAsync(cancellation);
        return $"{version.Output.Split('\n')[0]}, {string.Join(' ', options.Arguments)}";
    }

    /// <inheritdoc/>
    public async Task<long> CastAsync(CastRequest request, CancellationToken cancellation)
    {
        if (NeedsDirectory(request.Facts))
        {
            await using TemporaryDirectory work = TemporaryDirectory.Create(request.WorkDirectory);
            UnpackedTree tree = await UnpackedTree.UnpackAsync(request.Tree, request.Facts, work, asRoot, cancellation);
            string epoch = request.Options.Epoch.ToString(CultureInfo.InvariantCulture);
            string[] arguments = [tree.Path, request.Output, "-mkfs-time", epoch, .. Settings, .. request.Options.Squashfs.Arguments];
            await tree.Run("mksquashfs", arguments, Variables(null)).RunAsync(cancellation);
            return 0;
        }
        TreeEntry? root = request.Facts.Root;
        // It gives the root directory the present time, unless it may clamp every time to this one: the tree's latest, so that nothing else changes.
        string latest = Math.Clamp(request.Facts.LatestTime, 0, uint.MaxValue).ToString(CultureInfo.InvariantCulture);
        string mode = Convert.ToString(root?.Mode ?? 0x1ED, 8);
        string[] command =
        [
            "mksquashfs",
            "-",
            request.Output,
            "-tar",
            "-root-mode",
            mode,
            .. Settings,
            .. request.Options.Squashfs.Arguments,
        ];
        // It gives the root directory to whoever runs it.
        Tool tool = asRoot ? new Tool(command[0], command[1..]) : new Tool("fakeroot", ["--", .. command]);
        await (tool with { Environment = Variables(latest), Input = (pipe, token) => CopyAsync(request, pipe, token) }).RunAsync(
            cancellation
        );
        return 0;
    }

    private static bool NeedsDirectory(TreeFacts facts) =>
        facts.Root is { } root && (root.Uid != 0 || root.Gid != 0 || root.Attributes.Count > 0) || facts.HasUnalignedData;

    internal static Dictionary<string, string?> Variables(string? epoch) => new(StringComparer.Ordinal) { ["SOURCE_DATE_EPOCH"] = epoch };

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
