namespace Rootcast.Lab.Statistics;

/// <summary>Values of one figure over several runs.</summary>
public sealed class Sample
{
    private readonly double[] sorted;

    /// <summary>Takes the values in any order.</summary>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public Sample(IEnumerable<double> values)
    {
        Values = [.. values];
        if (Values.Any(value => !double.IsFinite(value)))
        {
            throw new ArgumentException("a value is not finite", nameof(values));
        }
        sorted = [.. Values.Order()];
    }

    /// <summary>A figure of each item; items without it are left out. A loop and no query: each value type in a query costs some hundred KB of the published
    /// program, which is compiled for each pair of them.</summary>
    public static Sample Of<T>(IEnumerable<T> items, Func<T, double?> figure)
    {
        List<double> values = [];
        foreach (T item in items)
        {
            if (figure(item) is { } value)
            {
                values.Add(value);
            }
        }
        return new Sample(values);
    }

    /// <summary>The values as they came.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>How many there are.</summary>
    public int Count => sorted.Length;

    /// <summary>The smallest; NaN without values.</summary>
    public double Least => Count == 0 ? double.NaN : sorted[0];

    /// <summary>The largest; NaN without values.</summary>
    public double Most => Count == 0 ? double.NaN : sorted[^1];

    /// <summary>The value in the middle, or the mean of the two there; NaN without values.</summary>
    public double Median => Quantile(0.5);

    /// <summary>The value below which that part of all lies, between neighbours in proportion (type 7 of Hyndman and Fan, as R and NumPy have it by
    /// default); NaN without values.</summary>
    /// <param name="part">From 0 to 1.</param>
    public double Quantile(double part) => QuantileOf(sorted, part);

    /// <summary>As <see cref="Quantile"/>, of values that are in order.</summary>
    public static double QuantileOf(ReadOnlySpan<double> ordered, double part)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(part, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(part, 1);
        if (ordered.IsEmpty)
        {
            return double.NaN;
        }
        double at = part * (ordered.Length - 1);
        int below = (int)at;
        int above = Math.Min(below + 1, ordered.Length - 1);
        return ordered[below] + ((at - below) * (ordered[above] - ordered[below]));
    }
}
