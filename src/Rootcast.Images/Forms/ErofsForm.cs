using Microsoft.Win32.SafeHandles;
using Rootcast.Contract;
using Rootcast.Formats.Erofs;
using Rootcast.Images.Tools;

namespace Rootcast.Images.Forms;

/// <summary>Form <c>erofs</c>: made by mkfs.erofs from a directory, with what the image's oldest kernel can read.</summary>
/// <param name="asRoot">Whether files may be unpacked with their owners; else fakeroot remembers these.</param>
public sealed class ErofsForm(bool asRoot) : IFormCaster
{
    private const string Program = "mkfs.erofs";

    // 1.5 fails on such a name with "No such file or directory".
    private static readonly Version LongNames = new(1, 6);

    /// <inheritdoc/>
    public Form Form => Form.Erofs;

    /// <inheritdoc/>
    public IReadOnlyList<string> Tools => asRoot ? [Program, "tar"] : [Program, "tar", "fakeroot", "setfattr"];

    /// <inheritdoc/>
    public async Task<string> DescribeInputsAsync(CastOptions options, CancellationToken cancellation)
    {
        (string[] arguments, string version) = await ChooseAsync(options, cancellation);
        return $"{version}, {string.Join(' ', arguments)}, times kept, epoch {options.Epoch}";
    }

    /// <inheritdoc/>
    public async Task<long> CastAsync(CastRequest request, CancellationToken cancellation)
    {
        (string[] chosen, string version) = await ChooseAsync(request.Options, cancellation);
        if (request.Facts.LongestNamed is { } named && (ErofsFeatures.ReadVersion(version) ?? new()) < LongNames)
        {
            throw new UserError(
                $"form erofs: {version} cannot take a name of 255 bytes: {named.Path}",
                "Name a newer mkfs.erofs in the recipe (forms: [erofs: {mkfs: PATH}]), rename the file, or use form squashfs.",
                UserErrorKind.Input
            );
        }
        await using TemporaryDirectory work = TemporaryDirectory.Create(request.WorkDirectory);
        request.Stage.Detail("unpacking");
        UnpackedTree tree = await UnpackedTree.UnpackAsync(request.Tree, request.Facts, work, asRoot, cancellation);
        request.Stage.Detail("compressing");
        string[] arguments =
        [
            "--quiet",
            "--preserve-mtime",
            "-U" + FixedUuid.Of($"erofs of {request.Tree.Digest}"),
            .. chosen,
            request.Output,
            tree.Path,
        ];
        // With SOURCE_DATE_EPOCH set it gives that time to every file.
        Dictionary<string, string?> variables = new(StringComparer.Ordinal) { ["SOURCE_DATE_EPOCH"] = null };
        await tree.Run(ProgramOf(request.Options), arguments, variables).RunAsync(cancellation);
        SetBuildTime(request.Output, request.Options.Epoch);
        return 0;
    }

    private static void SetBuildTime(string path, uint epoch)
    {
        using SafeFileHandle image = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        byte[] first = new byte[ErofsBuildTime.BytesNeeded];
        ErofsBuildTime.Set(first.AsSpan(0, RandomAccess.Read(image, first, 0)), epoch);
        RandomAccess.Write(image, first, 0);
    }

    private static string ProgramOf(CastOptions options) => options.Erofs.Program ?? Program;

    private static async Task<(string[] Arguments, string Version)> ChooseAsync(CastOptions options, CancellationToken cancellation)
    {
        // Releases before 1.6 know no option that only prints their version; all print it before they complain.
        ToolResult asked = await new Tool(ProgramOf(options), "--version") { GoodExitCodes = [0, 1] }.RunAsync(cancellation);
        string version = asked.Output.Split('\n')[0];
        Version program = ErofsFeatures.ReadVersion(version) ?? new Version(1, 0);
        Version kernel = options.OldestKernel ?? new Version(5, 4);
        return ([.. ErofsFeatures.Arguments(options.Erofs, kernel, program)], version);
    }
}
