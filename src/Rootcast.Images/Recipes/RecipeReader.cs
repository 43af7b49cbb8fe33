using Rootcast.Contract;
using Rootcast.Images.Forms;
using Rootcast.Images.Initramfs;
using Rootcast.Images.Initrds;
using Rootcast.Images.Store;

namespace Rootcast.Images.Recipes;

/// <summary>Reads a recipe out of its YAML.</summary>
/// <param name="file">Its name; paths are relative to its directory.</param>
internal sealed partial class RecipeReader(string file)
{
    internal Recipe Read(RecipeNode root)
    {
        RecipeMapping top = new(root, "");
        List<Form> forms = ReadForms(top, out CastOptions options);
        return new Recipe
        {
            Name = ReadName(top.NeedText("name", "Give the image a name:  name: web")),
            Source = ReadSource(
                new RecipeMapping(top.Need("source", "Say where the tree comes from: debian, directory, tar or media."), "source")
            ),
            Kernels = top.Has("kernels") ? ReadKernels(top.List("kernels"), top.PlaceOf("kernels")) : [new DebianKernel("cloud")],
            Forms = forms,
            Options = options,
            Initramfs = top.Find("initramfs") is { } initramfs ? ReadInitramfs(new RecipeMapping(initramfs, "initramfs")) : new(),
            RootDaemons = ReadRootDaemons(top),
            Hostname = top.FindText("hostname") is { } hostname ? ReadHostname(hostname) : null,
            Root = top.Find("root") is { } user ? ReadRoot(new RecipeMapping(user, "root")) : new(),
            Files = [.. top.List("files").Select(ReadFile)],
            Scripts = [.. top.List("scripts").Select(ReadScript)],
        };
    }

    private static string ReadName(RecipeText name) =>
        ImageTag.IsValid(name.Value)
            ? name.Value
            : throw RecipeError.At(
                name.Place,
                $"'{RecipeError.Show(name.Value)}' cannot name an image",
                "Use lower-case letters and digits with single '-', '.', '_', ':' or '/' between them, at most 128 characters."
            );

    private static string ReadHostname(RecipeText name) =>
        HostNames.IsValid(name.Value)
            ? name.Value
            : throw RecipeError.At(name.Place, $"'{RecipeError.Show(name.Value)}' is no host name", HostNames.Hint);

    private static RecipeRoot ReadRoot(RecipeMapping root)
    {
        RecipeText? hash = root.FindText("password-hash");
        if (hash is { } text && (text.Value.AsSpan().ContainsAny(":\n\r\0") || text.Value[0] is not ('$' or '*' or '!')))
        {
            throw RecipeError.At(
                text.Place,
                "root.password-hash is no hash as /etc/shadow has it",
                "Make one with 'openssl passwd -6' and put it in single quotes; '*' locks the password."
            );
        }
        IReadOnlyList<RecipeText> keys = root.Texts("ssh-keys");
        foreach (RecipeText key in keys)
        {
            if (key.Value.TrimEnd().Contains('\n', StringComparison.Ordinal) || !key.Value.Trim().Contains(' ', StringComparison.Ordinal))
            {
                throw RecipeError.At(
                    key.Place,
                    $"'{RecipeError.Show(key.Value)}' is no line of authorized_keys",
                    "Give the public key as ssh-keygen wrote it into the .pub file, one an item: 'ssh-ed25519 AAAA… name'."
                );
            }
        }
        return new RecipeRoot { PasswordHash = hash?.Value, SshKeys = [.. keys.Select(key => key.Value.Trim())] };
    }

    private RecipeInitramfs ReadInitramfs(RecipeMapping mapping)
    {
        RecipeText? compress = mapping.FindText("compress");
        RequireKnown(compress is { } text ? [text] : [], RecipeInitramfs.Compressors, "compressor");
        IReadOnlyList<RecipeText>? sets = mapping.Has("sets") ? mapping.Texts("sets") : null;
        RequireKnown(sets ?? [], ModuleSet.Names, "set of modules");
        return new RecipeInitramfs
        {
            Sets = sets,
            Modules = mapping.Texts("modules"),
            Firmware = mapping.Flag("firmware"),
            Microcode = ReadMicrocode(mapping),
            Busybox = mapping.Flag("busybox"),
            Compress = compress?.Value ?? "zstd",
            Files = [.. mapping.List("files").Select(ReadInitramfsFile)],
        };
    }

    private List<string> ReadMicrocode(RecipeMapping mapping) =>
        mapping.Find("microcode") is { Kind: RecipeNodeKind.List } ? [.. mapping.Texts("microcode").Select(HostPath)]
        : mapping.Flag("microcode") ? [InitrdRequest.Host]
        : [];

    private RecipeInitramfsFile ReadInitramfsFile(RecipeNode node)
    {
        if (node.Kind == RecipeNodeKind.Text)
        {
            RecipeText same = TreePath(RecipeMapping.TextOf(node, "an item of initramfs.files"));
            return new RecipeInitramfsFile(same.Value, same.Value, same.Place);
        }
        RecipeMapping mapping = new(node, "initramfs.files[]");
        RecipeText from = mapping.NeedText("from", "Say which file of this host goes in:  from: tools/probe");
        RecipeText path = TreePath(mapping.NeedText("path", "Say where it goes in the initramfs:  path: /usr/bin/probe"));
        return new RecipeInitramfsFile(HostPath(from), path.Value, mapping.Place);
    }

    private RecipeFile ReadFile(RecipeNode node)
    {
        RecipeMapping mapping = new(node, "files[]");
        RecipeText path = TreePath(mapping.NeedText("path", "Say where the file goes in the tree:  path: /etc/motd"));
        RecipeNode? content = mapping.Find("content");
        RecipeText? from = mapping.FindText("from");
        if (content is null == from is null)
        {
            throw RecipeError.At(
                mapping.Place,
                $"the file {RecipeError.Show(path.Value)} needs either 'content' or 'from'",
                "Give what is in it by 'content', or name a file of this host by 'from'."
            );
        }
        if (content is not null && content.Kind != RecipeNodeKind.Text)
        {
            throw RecipeMapping.Expected(content, "files[].content", "a text", "Put it in quotes, or after '|' on lines of its own.");
        }
        return new RecipeFile
        {
            Path = path.Value,
            Content = content is { IsNothing: true } ? "" : content?.Text,
            From = from is { } host ? HostPath(host) : null,
            Mode = mapping.FindText("mode") is { } mode ? ReadMode(mode) : 0x1A4,
            Owner = mapping.FindText("owner") is { } owner ? ReadId(owner) : 0,
            Group = mapping.FindText("group") is { } group ? ReadId(group) : 0,
            Place = mapping.Place,
        };
    }

    private RecipeScript ReadScript(RecipeNode node)
    {
        if (node.Kind == RecipeNodeKind.Mapping)
        {
            RecipeMapping mapping = new(node, "scripts[]");
            return new RecipeScript(null, HostPath(mapping.NeedText("file", "Name the script:  file: setup.sh")), mapping.Place);
        }
        RecipeText text = RecipeMapping.TextOf(node, "an item of scripts");
        return new RecipeScript(text.Value, null, text.Place);
    }
}
