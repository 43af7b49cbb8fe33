#pragma warning disable IDE0130
namespace Rootcast;

public static partial class Sequences
{
    /// <summary>The elements in their order; those that are equal stay as they were.</summary>
    public static IEnumerable<T> Order<T>(this IEnumerable<T> source, IComparer<T>? comparer = null) =>
        source.OrderBy(static element => element, comparer);

    /// <summary>The elements in the order of their keys; those with equal keys stay as they were.</summary>
    public static OrderedSequence<T> OrderBy<T, TKey>(this IEnumerable<T> source, Func<T, TKey> key, IComparer<TKey>? comparer = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new OrderedSequence<T>(source, OrderedSequence<T>.By(key, comparer, 1));
    }

    /// <summary>The same, the last key first.</summary>
    public static OrderedSequence<T> OrderByDescending<T, TKey>(
        this IEnumerable<T> source,
        Func<T, TKey> key,
        IComparer<TKey>? comparer = null
    )
    {
        ArgumentNullException.ThrowIfNull(source);
        return new OrderedSequence<T>(source, OrderedSequence<T>.By(key, comparer, -1));
    }
}
