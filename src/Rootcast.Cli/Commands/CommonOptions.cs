using System.CommandLine;
using System.CommandLine.Parsing;
using Rootcast.Contract;

namespace Rootcast.Cli.Commands;

/// <summary>Options and arguments that several commands share, with one spelling and one check each.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Print data (JSON) instead of text" };

    public static Argument<string> Image() =>
        new("IMAGE") { Description = "Name of an image in the store, or the beginning of its digest" };

    public static Option<Form?> Form() =>
        new("--form")
        {
            Description = $"How the root is held: {string.Join(", ", Names.Forms)}",
            HelpName = "FORM",
            Required = true,
            CustomParser = result => Parse(result, Names.FormOf, Names.Forms),
        };

    public static Option<Carrier?> Carrier(Carrier? usual = null)
    {
        Option<Carrier?> option = new("--carrier")
        {
            Description = $"How the artefact's bytes reach the machine: {string.Join(", ", Names.Carriers)}",
            HelpName = "CARRIER",
            Required = usual is null,
            CustomParser = result => Parse(result, Names.CarrierOf, Names.Carriers),
        };
        if (usual is not null)
        {
            option.DefaultValueFactory = _ => usual;
        }
        return option;
    }

    public static Option<long> Memory() =>
        new("--memory", "-m")
        {
            Description = "Memory of the machine: 512M, 2G",
            HelpName = "SIZE",
            DefaultValueFactory = _ => 2L << 30,
            CustomParser = result => Size(result, smallest: 32 << 20),
        };

    /// <summary>Reads an amount of bytes.</summary>
    public static long Size(ArgumentResult result, long smallest)
    {
        string text = result.Tokens[^1].Value;
        if (SizeBound.TryParse(text, out SizeBound size) && !size.IsPercent && size.Amount >= smallest)
        {
            return size.Amount;
        }
        result.AddError($"'{text}' is not an amount of bytes such as 512M or 2G" + (smallest > 0 ? $", {smallest} at least" : ""));
        return 0;
    }

    private static T? Parse<T>(ArgumentResult result, Func<string, T?> read, IReadOnlyList<string> names)
        where T : struct
    {
        string text = result.Tokens[^1].Value;
        T? found = read(text);
        if (found is null)
        {
            result.AddError($"'{text}' is not one of {string.Join(", ", names)}");
        }
        return found;
    }
}
