using System.Globalization;
using Rootcast.Contract;
using Rootcast.Formats;
using Rootcast.Formats.Tree;
using Rootcast.Images.Progress;
using Rootcast.Images.Recipes;
using Rootcast.Images.Sources;
using Rootcast.Images.Tools;

namespace Rootcast.Images.Trees;

/// <summary>
/// Runs a recipe's scripts in a tree: it is unpacked, the scripts run by chroot in namespaces of their own, and it is packed again, all in one
/// program that ends with everything that it has started. As an ordinary user that happens in a user namespace, where no device can be made
/// and no <c>trusted.</c> attribute set: these are carried over from the tree as it was.
/// </summary>
internal static class TreeScripts
{
    private const int ScriptFailed = 64;

    /// <summary>Adds the scripts to a key.</summary>
    internal static void AddTo(CacheKey key, Recipe recipe)
    {
        foreach (RecipeScript script in recipe.Scripts)
        {
            key.Add("script", TextOf(script));
        }
    }

    /// <summary>The tree after the scripts.</summary>
    /// <param name="tree">The tree before them; disposing of it stays with the caller.</param>
    /// <param name="recipe">Whose scripts.</param>
    /// <param name="scratch">A directory for the unpacked tree and the new archive, which must live as long as the result.</param>
    /// <param name="epoch">SOURCE_DATE_EPOCH that the scripts see.</param>
    /// <param name="progress">Told what the scripts say.</param>
    /// <param name="log">Told the command line.</param>
    /// <param name="cancellation">Ends everything.</param>
    internal static async Task<FileTree> RunAsync(
        FileTree tree,
        Recipe recipe,
        string scratch,
        long? epoch,
        IProgressStage progress,
        Action<string>? log,
        CancellationToken cancellation
    )
    {
        await UserNamespaces.RequireAsync(cancellation);
        string place = Path.Combine(scratch, "scripts");
        string packed = Path.Combine(scratch, "packed.tar");
        Directory.CreateDirectory(Path.Combine(place, "run"));
        for (int i = 0; i < recipe.Scripts.Count; i++)
        {
            string file = Path.Combine(place, "run", i.ToString("d4", CultureInfo.InvariantCulture));
            await File.WriteAllBytesAsync(file, TextOf(recipe.Scripts[i]), cancellation);
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        string program = Path.Combine(place, "program");
        await File.WriteAllTextAsync(program, ScriptProgram.Text, cancellation);
        using FileTree unpackable = UserNamespaces.IsNeeded ? WithoutPrivileged(tree) : tree.Share();
        Tool tool = new("env", [.. UserNamespaces.Prefix, "sh", program, place])
        {
            Input = (stream, token) =>
            {
                TreeTar.Write(unpackable, stream, epoch: null, progress: null, token);
                return Task.CompletedTask;
            },
            Output = async (stream, token) =>
            {
                await using FileStream file = new(packed, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
                await stream.CopyToAsync(file, 1 << 20, token);
            },
            Environment = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["SOURCE_DATE_EPOCH"] = epoch?.ToString(CultureInfo.InvariantCulture),
            },
            ErrorLine = line => progress.Detail(line),
            GoodExitCodes = [0, ScriptFailed],
            Log = log,
        };
        ToolResult result = await tool.RunAsync(cancellation);
        if (result.ExitCode == ScriptFailed)
        {
            throw Failed(recipe, await File.ReadAllTextAsync(Path.Combine(place, "failed"), cancellation), result.Errors);
        }
        FileTree after = ArchivedTree.Read(packed, cancellation);
        if (UserNamespaces.IsNeeded)
        {
            CarryOver(tree, after);
        }
        return after;
    }

    private static UserError Failed(Recipe recipe, string failed, string errors)
    {
        string[] words = failed.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        RecipeScript script = recipe.Scripts[int.Parse(words[0], CultureInfo.InvariantCulture)];
        string[] lines = errors.TrimEnd().Split('\n');
        string last = string.Join('\n', lines.Skip(lines.Length - 12).Select(line => "  " + line.TrimEnd()));
        string name = script.File is null ? "the script" : $"the script {script.File}";
        return RecipeError.At(
            script.Place,
            $"{name} ended with exit code {words[1]}" + (last.Trim().Length > 0 ? $":\n{last}" : " and said nothing"),
            "Scripts run in the tree, by /bin/sh -e unless their first line names another: 127 means that it is not there. Add 'set -x' to see each step."
        );
    }

    private static byte[] TextOf(RecipeScript script)
    {
        byte[] text;
        try
        {
            text = script.Text is { } inline ? System.Text.Encoding.UTF8.GetBytes(inline) : File.ReadAllBytes(script.File!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw RecipeError.At(
                script.Place,
                $"the script {script.File} cannot be read: {error.Message}",
                "'file' is relative to the directory of the recipe.",
                error
            );
        }
        return text.AsSpan().StartsWith("#!"u8) ? text : [.. "#!/bin/sh -e\n"u8, .. text];
    }

    private static FileTree WithoutPrivileged(FileTree tree)
    {
        FileTree some = new();
        Dictionary<TreeInode, TreeInode> stripped = new(ReferenceEqualityComparer.Instance);
        foreach ((UnixPath path, TreeInode inode) in tree.Sorted())
        {
            if (IsDevice(inode))
            {
                continue;
            }
            if (!stripped.TryGetValue(inode, out TreeInode? shared))
            {
                IReadOnlyList<ExtendedAttribute> kept = [.. inode.Entry.Attributes.Where(attribute => !IsPrivileged(attribute))];
                shared = kept.Count == inode.Entry.Attributes.Count ? inode : inode with { Entry = inode.Entry with { Attributes = kept } };
                stripped.Add(inode, shared);
            }
            some.Put(path, shared);
        }
        return some;
    }

    private static void CarryOver(FileTree before, FileTree after)
    {
        foreach ((UnixPath path, TreeInode inode) in before.Sorted())
        {
            if (IsDevice(inode))
            {
                int slash = path.Bytes.LastIndexOf((byte)'/');
                UnixPath parent = slash < 0 ? default : new UnixPath(path.Memory[..slash]);
                if (after.Find(path) is null && after.Find(parent)?.Entry.Kind == NodeKind.Directory)
                {
                    after.Put(path, inode);
                }
                continue;
            }
            ExtendedAttribute[] privileged = [.. inode.Entry.Attributes.Where(IsPrivileged)];
            if (privileged.Length > 0 && after.Find(path) is { } now && now.Entry.Kind == inode.Entry.Kind)
            {
                IEnumerable<ExtendedAttribute> all = now
                    .Entry.Attributes.Concat(privileged)
                    .OrderBy(attribute => attribute.Name, StringComparer.Ordinal);
                after.Replace(now, now with { Entry = now.Entry with { Attributes = [.. all] } });
            }
        }
    }

    private static bool IsDevice(TreeInode inode) => inode.Entry.Kind is NodeKind.CharacterDevice or NodeKind.BlockDevice;

    /// <summary>Attributes that a user namespace may not set: all of trusted., and of security. all but capabilities, which it translates.</summary>
    private static bool IsPrivileged(ExtendedAttribute attribute) =>
        attribute.Name.StartsWith("trusted.", StringComparison.Ordinal)
        || (attribute.Name.StartsWith("security.", StringComparison.Ordinal) && attribute.Name != "security.capability");
}
