namespace Rootcast.Lab.Reports;

/// <summary>A table as every kind of report shows it: text only, nothing of it is markup.</summary>
/// <param name="Columns">What stands above each column.</param>
/// <param name="TextColumns">How many columns from the left are words; the rest are figures.</param>
/// <param name="Rows">As many cells each as there are columns.</param>
public sealed record ReportTable(IReadOnlyList<string> Columns, int TextColumns, IReadOnlyList<IReadOnlyList<string>> Rows);
