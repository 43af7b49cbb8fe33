using System.Globalization;
using System.Text;

namespace Rootcast.Lab.Studies;

/// <summary>A page of Markdown under construction.</summary>
public sealed class StudyPage
{
    private readonly StringBuilder text = new();

    /// <summary>A heading of the second level.</summary>
    public void Heading(string title)
    {
        bool apart = text.Length < 2 || text[^2] == '\n';
        text.Append(CultureInfo.InvariantCulture, $"{(apart ? "" : "\n")}## {title}\n\n");
    }

    /// <summary>A paragraph.</summary>
    public void Say(string paragraph) => text.Append(CultureInfo.InvariantCulture, $"{paragraph}\n\n");

    /// <summary>An item of a list.</summary>
    public void Item(string line) => text.Append(CultureInfo.InvariantCulture, $"- {line}\n");

    /// <summary>A table; numbers stand to the right.</summary>
    /// <param name="head">Its columns, the first of them words.</param>
    /// <param name="rows">As many cells each.</param>
    public void Table(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"| {string.Join(" | ", head)} |\n|---|{string.Concat(head.Skip(1).Select(_ => "---:|"))}\n"
        );
        foreach (IReadOnlyList<string> row in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row.Select(Plain))} |\n");
        }
        text.Append('\n');
    }

    /// <summary>MiB, as <c>free -m</c> shows them; <c>-</c> for none.</summary>
    public static string Mebibytes(double bytes) =>
        double.IsFinite(bytes) ? (bytes / (1 << 20)).ToString("0", CultureInfo.InvariantCulture) : "-";

    /// <summary>MB, or <c>-</c>.</summary>
    public static string Megabytes(double bytes) =>
        double.IsFinite(bytes) ? (bytes / 1e6).ToString("0", CultureInfo.InvariantCulture) : "-";

    /// <summary>Seconds of milliseconds, or <c>-</c>.</summary>
    public static string Seconds(double milliseconds) =>
        double.IsFinite(milliseconds) ? (milliseconds / 1000).ToString("0.000", CultureInfo.InvariantCulture) : "-";

    /// <summary>How many times as much; <c>-</c> where that means nothing.</summary>
    public static string Ratio(double one, double other) =>
        double.IsFinite(one / other) ? (one / other).ToString("0.00", CultureInfo.InvariantCulture) : "-";

    /// <inheritdoc/>
    public override string ToString() => text.ToString();

    private static string Plain(string cell) =>
        cell.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "\\<", StringComparison.Ordinal);
}
