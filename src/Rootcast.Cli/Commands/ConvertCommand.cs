using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using Rootcast.Contract;
using Rootcast.Images;
using Rootcast.Images.Recipes;
using Rootcast.Images.Store;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast convert FILE --to FORMS</c>: a recipe with source <c>media</c>, without the file.</summary>
internal static class ConvertCommand
{
    private const string Own = "own";

    public static Command Create(Session session)
    {
        Argument<string> file = new("FILE")
        {
            Description = "An ISO, squashfs, EROFS, disk (raw or qcow2), initrd or tar with a whole system in it",
        };
        Option<List<Form>> to = new("--to")
        {
            Description = $"Forms to cast, separated by commas: {string.Join(", ", Names.Forms)}",
            HelpName = "FORM[,FORM]",
            Required = true,
            CustomParser = ReadForms,
        };
        Option<string?> name = new("--name") { Description = "Name of the image; else made of the file's", HelpName = "NAME" };
        Option<string> kernel = new("--kernel")
        {
            Description = "own (that of the medium), host, or debian:PACKAGE[/SUITE] (cloud, generic, linux-image-…)",
            HelpName = "KERNEL",
            DefaultValueFactory = _ => Own,
        };
        Option<string?> image = new("--kernel-file")
        {
            Description = "The medium's own kernel, where it comes beside it as with an initrd; its modules are in the tree",
            HelpName = "BZIMAGE",
        };
        Option<int?> partition = new("--partition") { Description = "Of a disk, the partition with the system", HelpName = "N" };
        Option<bool> busybox = new("--busybox") { Description = "Pack a busybox into the initramfs, for rootcast.rescue" };
        Option<bool> json = CommonOptions.Json();
        DocumentedCommand command = new(
            "convert",
            "Make an image of what another tool has made, in any form.",
            "rootcast convert debian-live.iso --to squashfs,tmpfs --name live",
            "rootcast convert disk.qcow2 --to squashfs --partition 1 --kernel debian:cloud",
            "rootcast convert initrd.gz --kernel-file linux --to tmpfs --name installer"
        )
        {
            file,
            to,
            name,
            kernel,
            image,
            partition,
            busybox,
            json,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                string path = parsed.GetRequiredValue(file);
                Recipe recipe = new()
                {
                    Name = NameOf(parsed.GetValue(name), path),
                    Source = new MediaSource(Path.GetFullPath(path), parsed.GetValue(partition)),
                    Kernels = [KernelOf(parsed.GetRequiredValue(kernel), parsed.GetValue(image))],
                    Forms = parsed.GetRequiredValue(to),
                    Initramfs = new RecipeInitramfs { Busybox = parsed.GetValue(busybox) },
                };
                StoredImage made = await session.WithProgressAsync(progress =>
                    new ImageBuilder(session.OpenStore(), EmbeddedInit.Load(), progress).BuildAsync(recipe, cancellation)
                );
                await ImageResult.WriteAsync(session, made, parsed.GetValue(json));
                return ExitCodes.Done;
            }
        );
        return command;
    }

    /// <summary>A name for an image made of a file's: <c>Debian Live 12.iso</c> is <c>debian-live-12</c>.</summary>
    internal static string NameOf(string? named, string path)
    {
        if (named is not null)
        {
            return ImageTag.IsValid(named)
                ? named
                : throw new UserError(
                    $"'{named}' cannot name an image",
                    "Use lower-case letters and digits with single '-', '.', '_', ':' or '/' between them, at most 128 characters.",
                    UserErrorKind.Input
                );
        }
        StringBuilder made = new();
        foreach (char c in Path.GetFileNameWithoutExtension(path).ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c) && made.Length < 100)
            {
                made.Append(c);
            }
            else if (made.Length > 0 && made[^1] != '-')
            {
                made.Append('-');
            }
        }
        string text = made.ToString().TrimEnd('-');
        return text.Length > 0
            ? text
            : throw new UserError($"no name can be made of {path}", "Give the image one by --name.", UserErrorKind.Input);
    }

    /// <summary>Reads <c>--kernel</c>.</summary>
    internal static RecipeKernel KernelOf(string text, string? image)
    {
        if (image is not null && text != Own)
        {
            throw new UserError(
                "--kernel-file names the medium's own kernel, and --kernel another",
                "Use one of them.",
                UserErrorKind.Input
            );
        }
        switch (text.Split(':', 2))
        {
            case [Own]:
                return new MediaKernel(image is null ? null : Path.GetFullPath(image));
            case ["host"]:
                return new HostKernel();
            case ["debian", { Length: > 0 } package]:
                string[] parts = package.Split('/', 2);
                return new DebianKernel(parts[0], parts.Length > 1 ? RecipeText.Of(parts[1]) : null);
            default:
                throw new UserError(
                    $"'{text}' is no kernel",
                    "Use own, host, debian:cloud, debian:generic, or debian:PACKAGE/SUITE.",
                    UserErrorKind.Input
                );
        }
    }

    private static List<Form> ReadForms(ArgumentResult result)
    {
        List<Form> forms = [];
        foreach (string word in result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries)))
        {
            if (Names.FormOf(word) is not { } form)
            {
                result.AddError($"'{word}' is not one of {string.Join(", ", Names.Forms)}");
            }
            else if (!forms.Contains(form))
            {
                forms.Add(form);
            }
        }
        return forms;
    }
}
