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

    public static Option<Form?> Form(bool required = true) =>
        new("--form")
        {
            Description = $"How the root is held: {string.Join(", ", Names.Forms)}",
            HelpName = "FORM",
            Required = required,
            CustomParser = result => Parse(result, Names.FormOf, Names.Forms),
        };

    /// <summary>Several forms in their order.</summary>
    public static Option<Form[]> Forms(string description) =>
        new("--form")
        {
            Description = $"{description}: {string.Join(", ", Names.Forms)}",
            HelpName = "FORM",
            CustomParser = result =>
                [.. result.Tokens.Select(token => Parse(result, token.Value, Names.FormOf, Names.Forms) ?? default).Distinct()],
        };

    public static Option<string> Output(string description) =>
        new("--to")
        {
            Description = description,
            HelpName = "FILE",
            Required = true,
        };

    /// <summary>Several forms: names with commas between them, or <c>all</c>.</summary>
    public static Option<IReadOnlyList<Form>> Forms(IReadOnlyList<Form> usual) =>
        new("--forms")
        {
            Description = $"Which forms: names with commas between them, or all (default: {string.Join(",", usual.Select(Names.Of))})",
            HelpName = "FORMS",
            DefaultValueFactory = _ => usual,
            CustomParser = result =>
            {
                string text = result.Tokens[^1].Value;
                string[] names = text == "all" ? [.. Names.Forms] : text.Split(',');
                if (Array.Find(names, name => Names.FormOf(name) is null) is { } unknown)
                {
                    result.AddError($"'{unknown}' is not one of {string.Join(", ", Names.Forms)}, all");
                    return usual;
                }
                return [.. names.Select(name => Names.FormOf(name)!.Value).Distinct()];
            },
        };

    public static Option<Carrier?> Carrier(Carrier? usual = null, bool optional = false)
    {
        Option<Carrier?> option = new("--carrier")
        {
            Description = $"How the artefact's bytes reach the machine: {string.Join(", ", Names.Carriers)}",
            HelpName = "CARRIER",
            Required = usual is null && !optional,
            CustomParser = result => Parse(result, Names.CarrierOf, Names.Carriers),
        };
        if (usual is not null)
        {
            option.DefaultValueFactory = _ => usual;
        }
        return option;
    }

    /// <summary>Refuses a form by a carrier that cannot bring it.</summary>
    public static void RequireFit(Form form, Carrier carrier)
    {
        if (FormCarriers.WhyNot(form, carrier) is { } reason)
        {
            IEnumerable<string> fitting = Names.Carriers.Where(name => FormCarriers.Fit(form, Names.CarrierOf(name)!.Value));
            throw new UserError(
                $"form {Names.Of(form)} cannot come by carrier {Names.Of(carrier)}: {reason}",
                $"Take --carrier {string.Join(" or ", fitting)}.",
                UserErrorKind.Input
            );
        }
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

    /// <summary>Reads several amounts of bytes with commas between them.</summary>
    public static IReadOnlyList<long>? Sizes(ArgumentResult result, long smallest)
    {
        List<long> sizes = [];
        foreach (string text in result.Tokens[^1].Value.Split(','))
        {
            if (!SizeBound.TryParse(text, out SizeBound size) || size.IsPercent || size.Amount < smallest)
            {
                result.AddError($"'{text}' is not an amount of bytes such as 512M or 2G, {smallest} at least");
                return null;
            }
            sizes.Add(size.Amount >> 20 << 20);
        }
        return [.. sizes.Distinct()];
    }

    private static T? Parse<T>(ArgumentResult result, Func<string, T?> read, IReadOnlyList<string> names)
        where T : struct => Parse(result, result.Tokens[^1].Value, read, names);

    private static T? Parse<T>(ArgumentResult result, string text, Func<string, T?> read, IReadOnlyList<string> names)
        where T : struct
    {
        T? found = read(text);
        if (found is null)
        {
            result.AddError($"'{text}' is not one of {string.Join(", ", names)}");
        }
        return found;
    }

    /// <summary><c>--seed</c> of what is measured.</summary>
    public static Option<long?> Seed() =>
        new("--seed")
        {
            Description = "Order of the runs, and intervals (default: a new one, which the result records)",
            HelpName = "NUMBER",
        };

    /// <summary>A number from 1 to a most.</summary>
    public static Option<int> Counted(string name, string description, string help, int usual, int most)
    {
        Option<int> option = new(name)
        {
            Description = description,
            HelpName = help,
            DefaultValueFactory = _ => usual,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var value && (value < 1 || value > most))
            {
                result.AddError($"{name}: from 1 to {most}");
            }
        });
        return option;
    }
}
