using System.Collections;

#pragma warning disable IDE0130
namespace Rootcast;

/// <summary>A sequence that is put in order when it is asked for. Sorting is of places in it, the same code for elements of every type.</summary>
/// <typeparam name="T">Its elements.</typeparam>
public sealed class OrderedSequence<T> : IEnumerable<T>
{
    private readonly IEnumerable<T> source;
    private readonly Func<T[], Comparison<int>> order;

    internal OrderedSequence(IEnumerable<T> source, Func<T[], Comparison<int>> order)
    {
        this.source = source;
        this.order = order;
    }

    /// <summary>Of elements that are equal so far, the order of these keys.</summary>
    public OrderedSequence<T> ThenBy<TKey>(Func<T, TKey> key, IComparer<TKey>? comparer = null) => Then(By(key, comparer, 1));

    /// <summary>The same, the last key first.</summary>
    public OrderedSequence<T> ThenByDescending<TKey>(Func<T, TKey> key, IComparer<TKey>? comparer = null) => Then(By(key, comparer, -1));

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator()
    {
        T[] elements = [.. source];
        int[] places = new int[elements.Length];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = i;
        }
        Comparison<int> compare = order(elements);
        Array.Sort(places, (one, other) => compare(one, other) is var result and not 0 ? result : one - other);
        foreach (int place in places)
        {
            yield return elements[place];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Compares places by keys, each of which is asked for once.</summary>
    /// <param name="key">The key of an element.</param>
    /// <param name="comparer">Compares keys; null as they compare themselves.</param>
    /// <param name="sign">-1 for the other way round.</param>
    internal static Func<T[], Comparison<int>> By<TKey>(Func<T, TKey> key, IComparer<TKey>? comparer, int sign)
    {
        IComparer<TKey> compares = comparer ?? Comparer<TKey>.Default;
        return elements =>
        {
            TKey[] keys = Array.ConvertAll(elements, element => key(element));
            return (one, other) => sign * Math.Sign(compares.Compare(keys[one], keys[other]));
        };
    }

    private OrderedSequence<T> Then(Func<T[], Comparison<int>> next)
    {
        Func<T[], Comparison<int>> first = order;
        return new OrderedSequence<T>(
            source,
            elements =>
            {
                Comparison<int> before = first(elements);
                Comparison<int> after = next(elements);
                return (one, other) => before(one, other) is var result and not 0 ? result : after(one, other);
            }
        );
    }
}
