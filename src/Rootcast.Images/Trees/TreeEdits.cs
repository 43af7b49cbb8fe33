using System.Text;
using Rootcast.Contract;
using Rootcast.Formats;
using Rootcast.Formats.Tree;
using Rootcast.Images.Recipes;

namespace Rootcast.Images.Trees;

/// <summary>What a recipe changes in a tree without running anything in it, and so without privileges: host name, root's password and keys,
/// extra files. Text files are taken as bytes, one character each, so that nothing in them changes but the line meant.</summary>
internal static class TreeEdits
{
    private const int OwnerReadsAndWrites = 0x180;

    /// <summary>Whether the recipe changes anything.</summary>
    internal static bool Any(Recipe recipe) =>
        recipe.Hostname is not null || recipe.Root.PasswordHash is not null || recipe.Root.SshKeys.Count > 0 || recipe.Files.Count > 0;

    /// <summary>Adds all that it says to a key, with what is in the files that it names.</summary>
    internal static void AddTo(CacheKey key, Recipe recipe)
    {
        key.Add("hostname", recipe.Hostname).Add("password", recipe.Root.PasswordHash);
        foreach (string line in recipe.Root.SshKeys)
        {
            key.Add("ssh-key", line);
        }
        foreach (RecipeFile file in recipe.Files)
        {
            key.Add("path", file.Path).Add("mode", $"{file.Mode} {file.Owner} {file.Group}").Add("content", Content(file));
        }
    }

    /// <summary>Changes the tree.</summary>
    internal static void Apply(FileTree tree, Recipe recipe)
    {
        if (recipe.Hostname is { } name)
        {
            Replace(tree, "etc/hostname", name + "\n");
            Replace(tree, "etc/hosts", Hosts(tree.ReadText("etc/hosts"), name));
        }
        if (recipe.Root.PasswordHash is { } hash)
        {
            SetPassword(tree, hash);
        }
        if (recipe.Root.SshKeys.Count > 0)
        {
            AddKeys(tree, recipe.Root.SshKeys);
        }
        foreach (RecipeFile file in recipe.Files)
        {
            PutFile(tree, file);
        }
    }

    /// <summary>hosts(5) with the machine's own name at 127.0.1.1, as Debian's installer writes it.</summary>
    internal static string Hosts(string? old, string name)
    {
        string shortName = name.Split('.')[0];
        string own = shortName == name ? $"127.0.1.1\t{name}" : $"127.0.1.1\t{name} {shortName}";
        List<string> lines = [.. (old ?? "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n").TrimEnd('\n').Split('\n')];
        int at = lines.FindIndex(line => Address(line) == "127.0.1.1");
        if (at >= 0)
        {
            lines[at] = own;
        }
        else
        {
            lines.Insert(lines.FindIndex(line => Address(line) == "127.0.0.1") + 1, own);
        }
        return string.Join('\n', lines.Where(line => line.Length > 0 || lines.Count > 1)) + "\n";

        static string? Address(string line) => line.Split([' ', '\t'], 2)[0];
    }

    private static void SetPassword(FileTree tree, string hash)
    {
        string? passwd = tree.ReadText("etc/passwd");
        if (passwd is null || FieldsOf(passwd, "root") is null)
        {
            throw new UserError(
                "root's password cannot be set: the tree has no root in /etc/passwd",
                "Check that the source is a whole system, or leave root.password-hash out.",
                UserErrorKind.Input
            );
        }
        string? shadow = tree.ReadText("etc/shadow");
        if (shadow is not null && FieldsOf(shadow, "root") is not null)
        {
            Replace(tree, "etc/shadow", WithField(shadow, "root", 1, hash));
            return;
        }
        // shadow(5): no dates means no ageing.
        Replace(
            tree,
            "etc/shadow",
            $"{shadow?.TrimEnd('\n') + (shadow is null ? "" : "\n")}root:{hash}::0:99999:7:::\n",
            OwnerReadsAndWrites
        );
        Replace(tree, "etc/passwd", WithField(passwd, "root", 1, "x"));
    }

    private static void AddKeys(FileTree tree, IReadOnlyList<string> keys)
    {
        string home = FieldsOf(tree.ReadText("etc/passwd") ?? "", "root") is [_, _, _, _, _, { Length: > 1 } field, ..] ? field : "/root";
        string directory = $"{home.Trim('/')}/.ssh";
        if (tree.Find(UnixPath.From(directory)) is null)
        {
            const int ownerOnly = 0x1C0;
            UnixPath path = UnixPath.From(directory);
            long time = TimeAt(tree, directory);
            TreeEntry entry = new()
            {
                Path = path,
                Kind = NodeKind.Directory,
                Mode = ownerOnly,
                ModifiedSeconds = time,
            };
            tree.Put(path, new TreeInode(entry));
        }
        string old = tree.ReadText($"{directory}/authorized_keys") ?? "";
        HashSet<string> known = [.. old.Split('\n')];
        StringBuilder text = new(old);
        if (old.Length > 0 && old[^1] != '\n')
        {
            text.Append('\n');
        }
        foreach (string key in keys.Select(Bytewise).Where(known.Add))
        {
            text.Append(key).Append('\n');
        }
        Replace(tree, $"{directory}/authorized_keys", text.ToString(), OwnerReadsAndWrites);
    }

    private static void PutFile(FileTree tree, RecipeFile file)
    {
        UnixPath path = UnixPath.From(file.Path[1..]);
        if (tree.Find(path)?.Entry.Kind == NodeKind.Directory)
        {
            throw RecipeError.At(
                file.Place,
                $"{file.Path} is a directory in the tree, and a file cannot take its place",
                "Name the file below it, or remove the directory by a script."
            );
        }
        try
        {
            Put(tree, path, Content(file), file.Mode, file.Owner, file.Group, TimeAt(tree, file.Path[1..]));
        }
        catch (InvalidDataException error)
        {
            throw RecipeError.At(file.Place, $"{file.Path} cannot be put into the tree: {error.Message}", "Choose another path.", error);
        }
    }

    private static byte[] Content(RecipeFile file)
    {
        if (file.Content is { } content)
        {
            return Encoding.UTF8.GetBytes(content);
        }
        try
        {
            return File.ReadAllBytes(file.From!);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw RecipeError.At(
                file.Place,
                $"{file.From} cannot be read: {error.Message}",
                "'from' is relative to the directory of the recipe.",
                error
            );
        }
    }

    /// <summary>Gives a file new bytes; owner, mode and attributes stay, and a link is followed to what it names.</summary>
    private static void Replace(FileTree tree, string path, string text, int mode = 0x1A4)
    {
        TreeInode? old = tree.Follow(UnixPath.From(path), out UnixPath real);
        byte[] bytes = Encoding.Latin1.GetBytes(Bytewise(text));
        if (old?.Entry.Kind == NodeKind.File)
        {
            Put(tree, real, bytes, old.Entry.Mode, old.Entry.Uid, old.Entry.Gid, old.Entry.ModifiedSeconds, old.Entry.Attributes);
        }
        else
        {
            Put(tree, UnixPath.From(path), bytes, mode, 0, 0, TimeAt(tree, path));
        }
    }

    private static void Put(
        FileTree tree,
        UnixPath path,
        byte[] bytes,
        int mode,
        uint uid,
        uint gid,
        long time,
        IReadOnlyList<ExtendedAttribute>? attributes = null
    )
    {
        TreeEntry entry = new()
        {
            Path = path,
            Kind = NodeKind.File,
            Mode = mode,
            Uid = uid,
            Gid = gid,
            Size = bytes.Length,
            ModifiedSeconds = time,
            Attributes = attributes ?? [],
        };
        tree.Put(path, new TreeInode(entry, bytes.Length > 0 ? new HeldData(bytes) : null));
    }

    /// <summary>A time that depends on the tree alone: that of what was there, else of the nearest directory above.</summary>
    private static long TimeAt(FileTree tree, string path)
    {
        for (string? at = path; at is { Length: > 0 }; at = Path.GetDirectoryName(at))
        {
            if (tree.Find(UnixPath.From(at)) is { } node)
            {
                return node.Entry.ModifiedSeconds;
            }
        }
        return tree.Find(default)?.Entry.ModifiedSeconds ?? 0;
    }

    private static string[]? FieldsOf(string file, string user) =>
        file.Split('\n').FirstOrDefault(line => line.StartsWith(user + ":", StringComparison.Ordinal))?.Split(':');

    private static string WithField(string file, string user, int field, string value)
    {
        IEnumerable<string> lines = file.Split('\n')
            .Select(line =>
            {
                string[] fields = line.Split(':');
                if (fields[0] == user && fields.Length > field)
                {
                    fields[field] = value;
                }
                return string.Join(':', fields);
            });
        return string.Join('\n', lines);
    }

    /// <summary>A text as UTF-8 whose bytes are one character each, as the tree's own files are read; what is that already stays.</summary>
    private static string Bytewise(string text) => text.Any(c => c > 0xFF) ? Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text)) : text;
}
