using System.Globalization;
using Rootcast.Images.Forms;

namespace Rootcast.Images.Recipes;

internal sealed partial class RecipeReader
{
    /// <summary>More make no pool that anybody wants, and each is a loop device while it is made.</summary>
    private const int MostDisks = 24;

    /// <summary>What a file system may be told when it is made; what else there is says where it is mounted and how, which the image does itself.</summary>
    private static readonly string[] PoolProperties =
    [
        "atime",
        "checksum",
        "copies",
        "devices",
        "exec",
        "logbias",
        "recordsize",
        "setuid",
        "snapdir",
        "xattr",
    ];

    private static PoolOptions ReadPool(RecipeMapping mapping)
    {
        PoolOptions defaults = new();
        RecipeText? compression = mapping.FindText("compression");
        RequireKnown(compression is { } text ? [text] : [], PoolOptions.Compressors, "compression of a pool of version 23");
        RecipeText? layout = mapping.FindText("layout");
        RequireKnown(layout is { } named ? [named] : [], PoolLayouts.Names, "layout of a pool");
        PoolLayout how = layout is { } said ? PoolLayouts.Of(said.Value) : defaults.Layout;
        return new PoolOptions
        {
            Name = mapping.FindText("pool") is { } pool ? PoolName(pool, "a pool", "") : defaults.Name,
            Layout = how,
            Disks = ReadDisks(mapping, how),
            Bytes = ReadSize(mapping, "size"),
            Compression = compression?.Value ?? defaults.Compression,
            Root = mapping.FindText("root") is { } root ? PoolName(root, "a file system", "/.") : defaults.Root,
            Properties = mapping.Find("properties") is { } properties ? ReadProperties(properties) : [],
            Datasets = [.. mapping.Texts("datasets").Select(ReadDataset)],
        };
    }

    private static int ReadDisks(RecipeMapping mapping, PoolLayout layout)
    {
        int least = PoolLayouts.LeastDisks(layout);
        if (mapping.FindText("disks") is not { } text)
        {
            return least;
        }
        bool isCount = int.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int disks);
        return isCount && disks >= least && disks <= MostDisks && (layout != PoolLayout.Raid10 || disks % 2 == 0)
            ? disks
            : throw RecipeError.At(
                text.Place,
                $"'{RecipeError.Show(text.Value)}' disks make no {PoolLayouts.NameOf(layout)}",
                layout == PoolLayout.Raid10
                    ? $"Say an even number from {least} to {MostDisks}."
                    : string.Create(CultureInfo.InvariantCulture, $"Say a number from {least} to {MostDisks}.")
            );
    }

    private static IReadOnlyList<(string Name, string Value)> ReadProperties(RecipeNode node)
    {
        RequireKnown([.. node.Keys], PoolProperties, "property of a pool's file systems");
        return [.. node.Keys.Select(key => (key.Value, PoolName(RecipeMapping.TextOf(node.Find(key.Value)!, key.Value), "a value", "")))];
    }

    private static string ReadDataset(RecipeText text) =>
        "/" + PoolName(TreePath(text) with { Value = TreePath(text).Value[1..] }, "a file system", "/.");

    private static string PoolName(RecipeText text, string what, string further) =>
        text.Value.Length is > 0 and <= 64
        && char.IsAsciiLetterOrDigit(text.Value[0])
        && text.Value.All(letter =>
            char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' || further.Contains(letter, StringComparison.Ordinal)
        )
        && !text.Value.Contains("//", StringComparison.Ordinal)
        && text.Value[^1] != '/'
            ? text.Value
            : throw RecipeError.At(
                text.Place,
                $"'{RecipeError.Show(text.Value)}' cannot name {what} of ZFS",
                "Use letters, digits, '-' and '_', a letter or digit first, at most 64 characters."
            );
}
