#pragma warning disable IDE0130
namespace Rootcast;

public static partial class Sequences
{
    /// <summary>All elements of the results, one result after the other.</summary>
    public static IEnumerable<TResult> SelectMany<TSource, TResult>(
        this IEnumerable<TSource> source,
        Func<TSource, IEnumerable<TResult>> selector
    )
    {
        ArgumentNullException.ThrowIfNull(source);
        return Each(source, selector);

        static IEnumerable<TResult> Each(IEnumerable<TSource> source, Func<TSource, IEnumerable<TResult>> selector)
        {
            foreach (TSource element in source)
            {
                foreach (TResult result in selector(element))
                {
                    yield return result;
                }
            }
        }
    }

    /// <summary>The elements of the one, then those of the other.</summary>
    public static IEnumerable<T> Concat<T>(this IEnumerable<T> first, IEnumerable<T> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return Each(first, second);

        static IEnumerable<T> Each(IEnumerable<T> first, IEnumerable<T> second)
        {
            foreach (T element in first)
            {
                yield return element;
            }
            foreach (T element in second)
            {
                yield return element;
            }
        }
    }

    /// <summary>The elements, and one more at the end.</summary>
    public static IEnumerable<T> Append<T>(this IEnumerable<T> source, T last) => source.Concat([last]);

    /// <summary>The elements, and one more in front.</summary>
    public static IEnumerable<T> Prepend<T>(this IEnumerable<T> source, T first)
    {
        ArgumentNullException.ThrowIfNull(source);
        return ((T[])[first]).Concat(source);
    }

    /// <summary>At most so many elements from the beginning; no more than those are asked for.</summary>
    public static IEnumerable<T> Take<T>(this IEnumerable<T> source, int count)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Each(source, count);

        static IEnumerable<T> Each(IEnumerable<T> source, int count)
        {
            if (count <= 0)
            {
                yield break;
            }
            foreach (T element in source)
            {
                yield return element;
                if (--count == 0)
                {
                    yield break;
                }
            }
        }
    }

    /// <summary>The elements without so many at the beginning.</summary>
    public static IEnumerable<T> Skip<T>(this IEnumerable<T> source, int count)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Each(source, count);

        static IEnumerable<T> Each(IEnumerable<T> source, int count)
        {
            foreach (T element in source)
            {
                // Not counted below 0, where a long sequence would come around.
                if (count > 0)
                {
                    count--;
                    continue;
                }
                yield return element;
            }
        }
    }

    /// <summary>Each element once, where it is first.</summary>
    public static IEnumerable<T> Distinct<T>(this IEnumerable<T> source, IEqualityComparer<T>? comparer = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Each(source, comparer);

        static IEnumerable<T> Each(IEnumerable<T> source, IEqualityComparer<T>? comparer)
        {
            HashSet<T> seen = new(comparer);
            foreach (T element in source)
            {
                if (seen.Add(element))
                {
                    yield return element;
                }
            }
        }
    }
}
