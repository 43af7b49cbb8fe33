using System.Globalization;
using System.Text;
using Rootcast.Contract;
using Rootcast.Formats.Tree;
using Rootcast.Images.Tools;
using Rootcast.Images.Trees;

namespace Rootcast.Images.Forms;

/// <summary>
/// A tree unpacked into a directory, for programs that take nothing else. Root has it as it is; anybody else through fakeroot, which remembers
/// owners, devices and attributes that only root can set. Programs then have to be run by <see cref="Run"/>.
/// </summary>
internal sealed class UnpackedTree
{
    // fakeroot's saved state has no attributes, so they are set again before each program.
    private const string WithAttributes =
        "cd \"$1\" && setfattr --no-dereference --restore=\"$2\" && cd \"$OLDPWD\" && shift 2 && exec \"$@\"";

    private readonly string? _state;
    private readonly string? _attributes;

    private UnpackedTree(string path, string? state, string? attributes)
    {
        Path = path;
        _state = state;
        _attributes = attributes;
    }

    /// <summary>The tree's root.</summary>
    public string Path { get; }

    public static async Task<UnpackedTree> UnpackAsync(
        TreeArchive archive,
        TreeFacts facts,
        TemporaryDirectory work,
        bool asRoot,
        CancellationToken cancellation
    )
    {
        string path = work.Join("tree");
        Directory.CreateDirectory(path);
        string[] unpack = ["--extract", "--numeric-owner", "--same-owner", "--preserve-permissions", "--delay-directory-restore"];
        string[] places = ["--directory", path, "--file", archive.TarPath];
        if (asRoot)
        {
            ToolResult result = await new Tool("tar", [.. unpack, "--xattrs", "--xattrs-include=*", .. places]).RunAsync(cancellation);
            // tar only warns about this, and the image would lack it.
            if (result.Errors.Contains("Cannot set", StringComparison.Ordinal))
            {
                throw new UserError(
                    $"Extended attributes of the tree cannot be kept below {work.Path}:\n{result.Errors.TrimEnd()}",
                    "Put the store on a file system with extended attributes (ext4, xfs, btrfs), see ROOTCAST_STORE."
                );
            }
            return new UnpackedTree(path, null, null);
        }
        string state = work.Join("fakeroot");
        // Attributes come after owners and types are known: fakeroot forgets the type of a file whose attributes it hears of first.
        await new Tool("fakeroot", ["-s", state, "--", "tar", .. unpack, .. places]).RunAsync(cancellation);
        // Really readable, whatever fakeroot says of it.
        await new Tool("chmod", "-R", "u+rwX", path).RunAsync(cancellation);
        string? attributes = null;
        if (facts.WithAttributes.Count > 0)
        {
            attributes = work.Join("attributes");
            await File.WriteAllBytesAsync(attributes, AttributeDump(facts.WithAttributes), cancellation);
        }
        return new UnpackedTree(path, state, attributes);
    }

    /// <summary>A program that sees the tree as root would.</summary>
    public Tool Run(string program, IReadOnlyList<string> arguments, Dictionary<string, string?> variables)
    {
        string[] wrapped =
            _state is null ? [program, .. arguments]
            : _attributes is null ? ["fakeroot", "-i", _state, "--", program, .. arguments]
            : ["fakeroot", "-i", _state, "--", "sh", "-c", WithAttributes, "sh", Path, _attributes, program, .. arguments];
        return new Tool(wrapped[0], wrapped[1..]) { Environment = variables };
    }

    /// <summary>As getfattr --dump prints it: names with octal escapes, values in hexadecimal.</summary>
    internal static byte[] AttributeDump(IReadOnlyList<TreeEntry> entries)
    {
        StringBuilder text = new();
        foreach (TreeEntry entry in entries)
        {
            text.Append("# file: ");
            if (entry.Path.IsEmpty)
            {
                text.Append('.');
            }
            foreach (byte b in entry.Path.Bytes)
            {
                _ = b is > 0x20 and < 0x7F and not (byte)'\\'
                    ? text.Append((char)b)
                    : text.Append('\\').Append(Convert.ToString(b, 8).PadLeft(3, '0'));
            }
            text.Append('\n');
            foreach (ExtendedAttribute attribute in entry.Attributes)
            {
                string name = attribute
                    .Name.Replace("\\", "\\134", StringComparison.Ordinal)
                    .Replace("=", "\\075", StringComparison.Ordinal);
                text.Append(CultureInfo.InvariantCulture, $"{name}=0x{Convert.ToHexStringLower(attribute.Value.Span)}\n");
            }
            text.Append('\n');
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
