namespace Rootcast.Lab.Footprints;

/// <summary>Rows as they are found. What is nothing makes no row.</summary>
internal sealed class FootprintLedger
{
    private readonly List<FootprintRow> rows = [];

    /// <summary>The rows so far, largest first.</summary>
    public IReadOnlyList<FootprintRow> Rows =>
        [
            .. rows.OrderByDescending(row => row.Bytes)
                .ThenBy(row => row.Owner, StringComparer.Ordinal)
                .ThenBy(row => row.Kind, StringComparer.Ordinal)
                .ThenBy(row => row.Detail, StringComparer.Ordinal),
        ];

    /// <summary>Bytes of all rows so far.</summary>
    public long Sum => rows.Sum(row => row.Bytes);

    /// <summary>Adds a row; returns its bytes, 0 for none.</summary>
    public long Add(string owner, string kind, string? detail, long bytes, bool reclaimable)
    {
        if (bytes <= 0)
        {
            return 0;
        }
        rows.Add(new FootprintRow(owner, kind, detail, bytes, reclaimable));
        return bytes;
    }
}
