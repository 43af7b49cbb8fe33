namespace Rootcast.Lab.Footprints;

/// <summary>What changed between two footprints.</summary>
/// <param name="UsedBefore">Used bytes of the first.</param>
/// <param name="UsedAfter">Used bytes of the second.</param>
/// <param name="RemainderBefore">Remainder of the first.</param>
/// <param name="RemainderAfter">Remainder of the second.</param>
/// <param name="Rows">Rows that differ, the largest change first.</param>
public sealed record FootprintDifference(
    long UsedBefore,
    long UsedAfter,
    long RemainderBefore,
    long RemainderAfter,
    IReadOnlyList<RowChange> Rows
)
{
    /// <summary>Compares.</summary>
    public static FootprintDifference Between(Footprint before, Footprint after)
    {
        Dictionary<(string, string, string?), (long Before, long After)> rows = [];
        foreach (FootprintRow row in before.Rows)
        {
            (string, string, string?) key = (row.Owner, row.Kind, row.Detail);
            rows[key] = (rows.GetValueOrDefault(key).Before + row.Bytes, 0);
        }
        foreach (FootprintRow row in after.Rows)
        {
            (string, string, string?) key = (row.Owner, row.Kind, row.Detail);
            (long had, long has) = rows.GetValueOrDefault(key);
            rows[key] = (had, has + row.Bytes);
        }
        return new FootprintDifference(
            before.UsedBytes,
            after.UsedBytes,
            before.RemainderBytes,
            after.RemainderBytes,
            [
                .. rows.Select(row => new RowChange(row.Key.Item1, row.Key.Item2, row.Key.Item3, row.Value.Before, row.Value.After))
                    .Where(row => row.Change != 0)
                    .OrderByDescending(row => Math.Abs(row.Change))
                    .ThenBy(row => row.Owner, StringComparer.Ordinal)
                    .ThenBy(row => row.Detail, StringComparer.Ordinal),
            ]
        );
    }
}
