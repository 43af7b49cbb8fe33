namespace Rootcast.Lab.Reports;

/// <summary>What the charts of <see cref="HtmlReport"/> draw, ready: Page/report.js computes nothing of it.</summary>
/// <param name="Seconds">The unit of times, with where they come from: <c>s (TCG)</c>.</param>
/// <param name="Kinds">Groups of owners, in the order in which they are stacked.</param>
/// <param name="Stages">Stages of the boot that any cell has, in their order.</param>
/// <param name="Cells">A row of the charts each.</param>
internal sealed record ChartData(string Seconds, IReadOnlyList<string> Kinds, IReadOnlyList<string> Stages, IReadOnlyList<ChartCell> Cells);
