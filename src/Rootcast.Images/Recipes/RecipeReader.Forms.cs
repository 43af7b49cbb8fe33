using System.Globalization;
using System.Numerics;
using Rootcast.Contract;
using Rootcast.Images.Forms;

namespace Rootcast.Images.Recipes;

internal sealed partial class RecipeReader
{
    /// <summary>An item is a form's name, or a mapping of the name to the form's options.</summary>
    private List<Form> ReadForms(RecipeMapping top, out CastOptions options)
    {
        top.Need("forms", $"Say what to cast:  forms: [{string.Join(", ", Names.Forms)}]");
        List<Form> forms = [];
        options = new CastOptions();
        foreach (RecipeNode item in top.List("forms"))
        {
            RecipeText name = NameOfForm(item);
            Form form = Names.FormOf(name.Value)!.Value;
            if (forms.Contains(form))
            {
                throw RecipeError.At(name.Place, $"the form '{name}' stands here a second time", "Name each form once.");
            }
            forms.Add(form);
            if (item.Kind == RecipeNodeKind.Mapping)
            {
                options = ReadOptions(form, new RecipeMapping(item.Find(name.Value)!, $"forms[].{name.Value}"), options);
            }
        }
        return forms.Count > 0 ? forms : throw RecipeError.At(top.PlaceOf("forms"), "no form is named", "Name at least one form.");
    }

    private static RecipeText NameOfForm(RecipeNode item)
    {
        if (item.Kind != RecipeNodeKind.Mapping)
        {
            RecipeText name = RecipeMapping.TextOf(item, "an item of forms");
            RequireKnown([name], Names.Forms, "form");
            return name;
        }
        _ = new RecipeMapping(item, "forms[]");
        RecipeText[] names = [.. item.Keys];
        return names.Length == 1
            ? names[0]
            : throw RecipeError.At(
                item.Place,
                names.Length == 0 ? "this item names no form" : $"this item names both {names[0]} and {names[1]}",
                "Give each form an item of its own: '- squashfs: {block: 1M}'."
            );
    }

    private CastOptions ReadOptions(Form form, RecipeMapping mapping, CastOptions options) =>
        form switch
        {
            Form.Ramdisk => options with { Ramdisk = new() { Bytes = ReadSize(mapping, "size") } },
            Form.Livefs => options with
            {
                Livefs = new()
                {
                    FileSystem = ReadFileSystem(mapping, LivefsOptions.FileSystems),
                    Bytes = ReadSize(mapping, "size"),
                    Squashfs = ReadSquashfs(mapping),
                },
            },
            Form.Squashfs => options with { Squashfs = ReadSquashfs(mapping) },
            Form.Zram => options with { Zram = ReadZram(mapping) },
            Form.Erofs => options with { Erofs = ReadErofs(mapping) },
            Form.Zfs or Form.ZfsFuse => options with { Pool = ReadPool(mapping) },
            Form.Disk => options with { Disk = ReadDisk(mapping) },
            _ => options,
        };

    private static DiskOptions ReadDisk(RecipeMapping mapping) =>
        new() { FileSystem = ReadFileSystem(mapping, DiskOptions.Names), Bytes = ReadSize(mapping, "size") };

    private static DiskFileSystem ReadFileSystem(RecipeMapping mapping, IReadOnlyList<string> known)
    {
        RecipeText? name = mapping.FindText("filesystem");
        RequireKnown(name is { } text ? [text] : [], known, "file system");
        return name is { } one ? (DiskFileSystem)DiskOptions.Names.ToList().IndexOf(one.Value) : default;
    }

    private static SquashfsOptions ReadSquashfs(RecipeMapping mapping)
    {
        SquashfsOptions defaults = new();
        string name = ReadCompressor(mapping, defaults.Compressor, SquashfsOptions.Compressors.Keys);
        return new SquashfsOptions
        {
            Compressor = name,
            Level = ReadLevel(mapping, name, SquashfsOptions.Compressors[name]),
            BlockBytes =
                (int?)ReadPowerOfTwo(mapping, "block", SquashfsOptions.SmallestBlock, SquashfsOptions.LargestBlock) ?? defaults.BlockBytes,
        };
    }

    private ErofsOptions ReadErofs(RecipeMapping mapping)
    {
        string compressor = ReadCompressor(mapping, new ErofsOptions().Compressor, ErofsOptions.Compressors.Keys);
        int highest = ErofsOptions.Compressors[compressor].HighestLevel;
        return new ErofsOptions
        {
            Compressor = compressor,
            Level = ReadLevel(mapping, compressor, highest > 0 ? (0, highest) : null),
            ClusterBytes = (int?)ReadPowerOfTwo(mapping, "cluster", ErofsOptions.SmallestCluster, ErofsOptions.LargestCluster),
            Program = mapping.FindText("mkfs") is { } program ? HostPath(program) : null,
        };
    }

    private static ZramOptions ReadZram(RecipeMapping mapping)
    {
        ZramOptions defaults = new();
        RecipeText? fileSystem = mapping.FindText("filesystem");
        RequireKnown(fileSystem is { } text ? [text] : [], ZramOptions.FileSystems, "file system");
        return new ZramOptions
        {
            FileSystem = fileSystem?.Value ?? defaults.FileSystem,
            Compressor = ReadCompressor(mapping, defaults.Compressor, ZramOptions.Compressors),
            Bytes = ReadSize(mapping, "size"),
        };
    }

    private static string ReadCompressor(RecipeMapping mapping, string usual, IEnumerable<string> known)
    {
        if (mapping.FindText("compressor") is not { } text)
        {
            return usual;
        }
        RequireKnown([text], [.. known], "compressor");
        return text.Value;
    }

    private static int? ReadLevel(RecipeMapping mapping, string compressor, (int Lowest, int Highest)? range)
    {
        if (mapping.FindText("level") is not { } text)
        {
            return null;
        }
        if (range is not { } levels)
        {
            throw RecipeError.At(text.Place, $"{compressor} has no levels", "Leave 'level' out.");
        }
        return
            int.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int level)
            && level >= levels.Lowest
            && level <= levels.Highest
            ? level
            : throw RecipeError.At(
                text.Place,
                $"'{RecipeError.Show(text.Value)}' is no level of {compressor}",
                $"Its levels are {levels.Lowest} to {levels.Highest}."
            );
    }

    /// <summary>An amount of bytes, or null where the key is not there.</summary>
    private static long? ReadSize(RecipeMapping mapping, string key)
    {
        if (mapping.FindText(key) is not { } text)
        {
            return null;
        }
        return SizeBound.TryParse(text.Value, out SizeBound size) && !size.IsPercent
            ? size.Amount
            : throw RecipeError.At(text.Place, $"'{RecipeError.Show(text.Value)}' is no amount of bytes", "Write it as 512M or 2G.");
    }

    private static long? ReadPowerOfTwo(RecipeMapping mapping, string key, long lowest, long highest)
    {
        long? bytes = ReadSize(mapping, key);
        return bytes is null || (BitOperations.IsPow2(bytes.Value) && bytes >= lowest && bytes <= highest)
            ? bytes
            : throw RecipeError.At(
                mapping.PlaceOf(key),
                $"{key} is {bytes} bytes",
                $"It is a power of two from {lowest} to {highest} bytes: 64K, 128K."
            );
    }
}
