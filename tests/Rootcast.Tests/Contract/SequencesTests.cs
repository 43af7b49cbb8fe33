using Linq = System.Linq.Enumerable;

namespace Rootcast.Tests;

/// <summary>Ours and System.Linq's say the same.</summary>
public class SequencesTests
{
    private static readonly string[] Words = ["pear", "fig", "apple", "fig", "date", "plum", "kiwi", "", "Fig"];

    [Fact]
    public void WhatIsJoinedIsAsInLinq()
    {
        Assert.Equal(Linq.Concat(Words, ["x"]), Sequences.Concat(Words, ["x"]));
        Assert.Equal(Linq.Append(Words, "x"), Sequences.Append(Words, "x"));
        Assert.Equal(Linq.Prepend(Words, "x"), Sequences.Prepend(Words, "x"));
        Assert.Equal(Linq.Distinct(Words), Sequences.Distinct(Words));
        Assert.Equal(Linq.Distinct(Words, StringComparer.OrdinalIgnoreCase), Sequences.Distinct(Words, StringComparer.OrdinalIgnoreCase));
        Assert.Equal(
            Linq.SelectMany<string, char>(Words, word => word.ToCharArray()),
            Sequences.SelectMany<string, char>(Words, word => word.ToCharArray())
        );
        Assert.Equal(Linq.Distinct((string?[])[null, "a", null]), Sequences.Distinct((string?[])[null, "a", null]));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(int.MaxValue)]
    public void WhatIsCutOffIsAsInLinq(int count)
    {
        Assert.Equal(Linq.Take(Words, count), Sequences.Take(Words, count));
        Assert.Equal(Linq.Skip(Words, count), Sequences.Skip(Words, count));
    }

    [Fact]
    public void NoMoreIsAskedForThanIsTaken()
    {
        Assert.Equal([1, 2], Sequences.Take(Endless(), 2));
        Assert.Equal([3, 4], Sequences.Take(Sequences.Skip(Endless(), 2), 2));

        static IEnumerable<int> Endless()
        {
            for (int i = 1; i < 5; i++)
            {
                yield return i;
            }
            throw new InvalidOperationException("asked for more");
        }
    }

    [Fact]
    public void OrderIsAsInLinqAndStable()
    {
        (string Word, int Place)[] pairs = [.. Linq.Select(Words, (word, place) => (word, place))];
        Assert.Equal(Linq.Order(Words, StringComparer.Ordinal), Sequences.Order(Words, StringComparer.Ordinal));
        Assert.Equal(Linq.Order(Words), Sequences.Order(Words));
        Assert.Equal(Linq.OrderBy(pairs, pair => pair.Word.Length), Sequences.OrderBy(pairs, pair => pair.Word.Length));
        Assert.Equal(Linq.OrderByDescending(pairs, pair => pair.Word.Length), Sequences.OrderByDescending(pairs, pair => pair.Word.Length));
        Assert.Equal(
            Linq.ThenByDescending(
                Linq.ThenBy(Linq.OrderBy(pairs, pair => pair.Word.Length), pair => pair.Word, StringComparer.OrdinalIgnoreCase),
                pair => pair.Place
            ),
            Sequences
                .OrderBy(pairs, pair => pair.Word.Length)
                .ThenBy(pair => pair.Word, StringComparer.OrdinalIgnoreCase)
                .ThenByDescending(pair => pair.Place)
        );
        Assert.Empty(Sequences.Order((string[])[]));
    }

    [Fact]
    public void WhatAComparerSaysMayBeAsLowAsItGets()
    {
        Comparer<int> extreme = Comparer<int>.Create(
            (one, other) =>
                one == other ? 0
                : one < other ? int.MinValue
                : int.MaxValue
        );
        Assert.Equal([3, 2, 1], Sequences.OrderByDescending((int[])[2, 1, 3], number => number, extreme));
    }
}
