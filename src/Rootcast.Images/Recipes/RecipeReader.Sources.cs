using System.Globalization;
using Rootcast.Contract;
using Rootcast.Images.Sources.Apt;

namespace Rootcast.Images.Recipes;

internal sealed partial class RecipeReader
{
    private const string PackageLetters = "abcdefghijklmnopqrstuvwxyz0123456789+-.";
    private const string SuiteLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-./_";

    private RecipeSource ReadSource(RecipeMapping mapping)
    {
        string[] named = [.. RecipeKeys.Of("source").Where(mapping.Has)];
        if (named.Length != 1)
        {
            throw RecipeError.At(
                mapping.Place,
                named.Length == 0 ? "source names nothing" : $"source names both {string.Join(" and ", named)}",
                "A tree has one source: debian, directory, tar or media."
            );
        }
        return named[0] switch
        {
            "debian" => ReadDebian(new RecipeMapping(mapping.Need("debian", ""), "source.debian")),
            "directory" => new DirectorySource(HostPath(mapping.NeedText("directory", ""))) { Place = mapping.PlaceOf("directory") },
            "media" => ReadMedia(mapping),
            _ => new TarSource(HostPath(mapping.NeedText("tar", ""))) { Place = mapping.PlaceOf("tar") },
        };
    }

    private MediaSource ReadMedia(RecipeMapping source)
    {
        RecipeNode node = source.Need("media", "");
        if (node.Kind == RecipeNodeKind.Text)
        {
            return new MediaSource(HostPath(source.NeedText("media", ""))) { Place = node.Place };
        }
        RecipeMapping mapping = new(node, "source.media");
        int? partition = null;
        if (mapping.FindText("partition") is { } number)
        {
            partition =
                int.TryParse(number.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int read) && read is > 0 and <= 1024
                    ? read
                    : throw RecipeError.At(
                        number.Place,
                        $"'{RecipeError.Show(number.Value)}' is no number of a partition",
                        "Count from 1; 'rootcast inspect FILE' shows them."
                    );
        }
        return new MediaSource(HostPath(mapping.NeedText("file", "Name the image:  file: live.iso")), partition) { Place = mapping.Place };
    }

    private DebianSource ReadDebian(RecipeMapping mapping)
    {
        RecipeText? mirror = mapping.FindText("mirror");
        if (mirror is { } uri && !AptUri.IsValid(uri.Value))
        {
            throw RecipeError.At(
                uri.Place,
                $"'{RecipeError.Show(uri.Value)}' is no archive",
                "Give a URI: http://HOST/debian, or file:///PATH."
            );
        }
        IReadOnlyList<RecipeText> components = mapping.Texts("components");
        return new DebianSource
        {
            Suite = Letters(mapping.NeedText("suite", "Name the suite:  suite: bookworm"), SuiteLetters, "suite"),
            Packages = [.. mapping.Texts("packages").Select(ReadPackage)],
            Components = components.Count > 0 ? [.. components.Select(text => Letters(text, SuiteLetters, "component").Value)] : ["main"],
            Mirror = mirror,
            ExtraSources = [.. mapping.Texts("extra-sources").Select(ReadExtraSource)],
            Keys = [.. mapping.Texts("keys").Select(key => key with { Value = HostPath(key) })],
            Place = mapping.Place,
        };
    }

    private static RecipeText ReadExtraSource(RecipeText text)
    {
        try
        {
            if (AptEntries.Parse(text.Value, AptEntries.LooksLikeDeb822(text.Value)).Count > 0)
            {
                return text;
            }
            throw new InvalidDataException("it names no archive");
        }
        catch (InvalidDataException error)
        {
            throw RecipeError.At(
                text.Place,
                $"this is no source for apt: {error.Message}",
                "Write 'deb URI SUITE COMPONENT', or a stanza with Types, URIs, Suites and Components after '|'.",
                error
            );
        }
    }

    private IReadOnlyList<RecipeKernel> ReadKernels(IReadOnlyList<RecipeNode> items, RecipePlace place) =>
        items.Count > 0
            ? [.. items.Select(ReadKernel)]
            : throw RecipeError.At(place, "no kernel is named", "Name one, or leave 'kernels' out for Debian's cloud kernel.");

    private RecipeKernel ReadKernel(RecipeNode node)
    {
        if (node is { Kind: RecipeNodeKind.Text, Text: "host" })
        {
            return new HostKernel { Place = node.Place };
        }
        if (node is { Kind: RecipeNodeKind.Text, Text: "media" })
        {
            return new MediaKernel { Place = node.Place };
        }
        RecipeMapping mapping = new(node, "kernels[]");
        string[] kinds = ["debian", "files", "media"];
        if (kinds.Count(mapping.Has) != 1)
        {
            throw RecipeError.At(mapping.Place, "a kernel needs one of 'debian', 'files' and 'media'", "For example:  - debian: cloud");
        }
        foreach (string key in (string[])["suite", "dkms"])
        {
            if (mapping.Has(key) && !mapping.Has("debian"))
            {
                throw RecipeError.At(mapping.PlaceOf(key), $"only a kernel of Debian takes '{key}'", "Remove the key.");
            }
        }
        if (mapping.Find("media") is { } media)
        {
            RecipeMapping own = new(media, "kernels[].media");
            string? image = own.FindText("image") is { } named ? HostPath(named) : null;
            return new MediaKernel(image, own.FindText("version")?.Value) { Place = node.Place };
        }
        if (mapping.FindText("debian") is { } package)
        {
            RecipeText? suite = mapping.FindText("suite") is { } text ? Letters(text, SuiteLetters, "suite") : null;
            return new DebianKernel(Letters(package, PackageLetters, "package").Value, suite)
            {
                Place = package.Place,
                Dkms = [.. mapping.Texts("dkms").Select(ReadPackage)],
            };
        }
        RecipeMapping files = new(mapping.Need("files", ""), "kernels[].files");
        string bzImage = HostPath(files.NeedText("image", "Name the bzImage:  image: /boot/vmlinuz-6.1.0"));
        string modules = HostPath(files.NeedText("modules", "Name the directory with modules.dep:  modules: /lib/modules/6.1.0"));
        string version = files.FindText("version")?.Value ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(modules));
        return new FilesKernel(bzImage, modules, version) { Place = files.Place };
    }

    private static RecipeText ReadPackage(RecipeText text)
    {
        // NAME, NAME:ARCHITECTURE, NAME=VERSION or NAME/SUITE, as apt-get install takes them; its patterns and trailing signs are not taken.
        ReadOnlySpan<char> name = text.Value;
        int end = name.IndexOfAny(":=/");
        Letters(text with { Value = end < 0 ? text.Value : text.Value[..end] }, PackageLetters, "package");
        if (name[^1] is '-' or '+' && !text.Value.EndsWith("++", StringComparison.Ordinal) || name.ContainsAny(", \t\n*?~"))
        {
            throw NoName(text, "package");
        }
        return text;
    }

    private static RecipeText Letters(RecipeText text, string letters, string what) =>
        char.IsAsciiLetterOrDigit(text.Value.FirstOrDefault())
        && !text.Value.AsSpan().ContainsAnyExcept(letters)
        && !text.Value.Contains("..", StringComparison.Ordinal)
            ? text
            : throw NoName(text, what);

    private static UserError NoName(RecipeText text, string what) =>
        RecipeError.At(
            text.Place,
            $"'{RecipeError.Show(text.Value)}' is no name of a {what}",
            "Use the name as Debian has it; lists are written  [a, b]  or one a line after '- '."
        );
}
