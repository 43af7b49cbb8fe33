using Rootcast.Contract;

namespace Rootcast.Tests;

public sealed class FormCarriersTests
{
    /// <summary>docs/forms.md has the table that the code has, reasons included.</summary>
    [Fact]
    public void The_page_of_the_forms_shows_the_same_table()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Checkout.Root, "docs", "forms.md"));
        int head = Array.FindIndex(lines, line => line.StartsWith("| form | `initrd` |", StringComparison.Ordinal));
        Assert.True(head >= 0, "docs/forms.md has no table that begins with | form | `initrd` |");
        string[] shown = [lines[head], .. lines.Skip(head + 2).TakeWhile(line => line.StartsWith('|'))];
        Carrier[] carriers = Enum.GetValues<Carrier>();
        string[] expected =
        [
            Row(["form", .. carriers.Select(carrier => $"`{Names.Of(carrier)}`")]),
            .. Enum.GetValues<Form>()
                .OrderBy(form => Array.IndexOf([.. Names.Forms], Names.Of(form)))
                .Select(form => Row([$"`{Names.Of(form)}`", .. carriers.Select(carrier => FormCarriers.WhyNot(form, carrier) ?? "yes")])),
        ];
        Assert.Equal(expected, shown);
    }

    [Fact]
    public void Every_form_comes_by_some_carrier() =>
        Assert.All(Enum.GetValues<Form>(), form => Assert.Contains(Enum.GetValues<Carrier>(), carrier => FormCarriers.Fit(form, carrier)));

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";
}
