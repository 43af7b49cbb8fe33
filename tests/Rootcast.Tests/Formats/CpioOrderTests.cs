using FsCheck;
using FsCheck.Fluent;
using Rootcast.Formats.Cpio;

namespace Rootcast.Tests;

public sealed class CpioOrderTests
{
    private const int Block = 4096;

    /// <summary>Many small entries, some at the borders of a block, some large.</summary>
    private static readonly Gen<CpioPart> AnyPart =
        from name in Gen.Frequency((20, Gen.Choose(1, 120)), (1, Gen.Choose(1, 4095)))
        from isFile in Gen.Frequency((4, Gen.Constant(true)), (1, Gen.Constant(false)))
        from size in Gen.OneOf(Gen.Choose(0, 200), Gen.Choose(Block - 200, Block + 200), Gen.Choose(0, 40 * Block))
        from followers in Gen.Frequency((9, Gen.Constant(0)), (1, Gen.Choose(29, 400).Select(words => words * 4)))
        select new CpioPart(name, isFile ? size : size % 200, isFile, isFile ? followers : 0);

    [Fact]
    public void Every_entry_comes_once_where_the_plan_says_and_no_name_is_over_the_kernels_bound()
    {
        Prop.ForAll(
                AnyPart.ArrayOf().ToArbitrary(),
                Gen.Choose(0, 3).ToArbitrary(),
                (parts, first) =>
                {
                    first = Math.Min(first, parts.Length);
                    CpioOrder order = CpioOrder.Of(parts, first, Block);
                    Assert.Equal(Enumerable.Range(0, parts.Length), order.Order.Order());
                    Assert.Equal(Enumerable.Range(0, first), order.Order.Take(first));
                    Assert.Equal(order.End, Replay(parts, order));
                    Assert.Equal(parts.Skip(first).Count(part => part.IsFile && part.Size >= Block) - order.Unaligned, Aligned(order));
                    Assert.Equal(order.End, parts.Sum(part => part.Length) + order.PaddingBytes);
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void An_archive_is_at_most_two_hundredths_larger_when_small_entries_fill_the_gaps()
    {
        // The mix of a small Debian system: two entries in three are small.
        Gen<CpioPart> part = Gen.Frequency(
            (1, Gen.Choose(20, 90).Select(name => new CpioPart(name, 0, IsFile: false))),
            (1, Gen.Choose(20, 90).SelectMany(_ => Gen.Choose(1, Block - 1), (name, size) => new CpioPart(name, size, IsFile: true))),
            (1, Gen.Choose(20, 90).SelectMany(_ => Gen.Choose(Block, 35 * Block), (name, size) => new CpioPart(name, size, IsFile: true)))
        );
        Prop.ForAll(
                part.ArrayOf(2000).ToArbitrary(),
                parts =>
                {
                    CpioOrder order = CpioOrder.Of(parts, 0, Block);
                    Assert.Equal(0, order.Unaligned);
                    Assert.InRange(order.End, 0, parts.Sum(each => each.Length) * 102 / 100);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(20));
    }

    [Fact]
    public void A_gap_is_filled_by_the_largest_that_fits_and_then_by_the_next()
    {
        // "file" would start at 116: the gap to 4096 is 3980, "b" takes 2112 of it, "a" 1116.
        CpioPart[] parts = [new(1, 4096, true), new(1, 1000, true), new(1, 2000, true), new(1, 5000, true)];
        CpioOrder order = CpioOrder.Of(parts, 0, Block);
        Assert.Equal([2, 1, 0, 3], order.Order);
        Assert.Equal(0, order.Unaligned);
    }

    [Fact]
    public void A_name_that_would_become_too_long_gets_something_small_before_it()
    {
        // Behind the first file the next header would end a little past the multiple, so it could only be padded to the one after: over PATH_MAX.
        CpioPart[] parts = [new(40, 2 * Block - 140, true), new(40, Block, true), new(3, 0, false)];
        CpioOrder order = CpioOrder.Of(parts, 0, Block);
        Assert.Equal(0, order.Unaligned);
        Assert.Equal([0, 2, 1], order.Order);
        Assert.Equal(1, CpioOrder.Of([parts[0], parts[0]], 0, Block).Unaligned);
    }

    [Theory]
    [InlineData(Block - 111, 0)]
    [InlineData(Block - 110, 1)]
    public void A_name_that_ends_at_the_multiple_is_aligned_and_one_byte_more_is_over_the_bound(int name, int unaligned)
    {
        CpioPart[] parts = [new(name, Block, true)];
        CpioOrder order = CpioOrder.Of(parts, 0, Block);
        Assert.Equal(order.End, Replay(parts, order));
        Assert.Equal(unaligned, order.Unaligned);
    }

    [Fact]
    public void Without_alignment_the_order_is_the_given_one()
    {
        CpioPart[] parts = [new(1, 9000, true), new(1, 3, true), new(1, 0, false)];
        CpioOrder order = CpioOrder.Of(parts, 1, 0);
        Assert.Equal([0, 1, 2], order.Order);
        Assert.Equal(0, order.PaddingBytes);
    }

    [Theory]
    [InlineData(-4)]
    [InlineData(6)]
    public void An_alignment_that_the_format_cannot_have_is_refused(int alignment) =>
        Assert.Throws<ArgumentException>(() => CpioOrder.Of([], 0, alignment));

    private static int Aligned(CpioOrder order) => order.Order.Count(order.IsAligned);

    /// <summary>Writes the plan as the writer does, by arithmetic of its own: returns the end.</summary>
    private static long Replay(CpioPart[] parts, CpioOrder order)
    {
        long position = 0;
        foreach (int index in order.Order)
        {
            CpioPart part = parts[index];
            long nameSize = part.NameBytes + 1;
            long data = Up(position + 110 + nameSize, 4);
            if (order.IsAligned(index))
            {
                nameSize += Up(data, Block) - data;
                data = Up(data, Block);
                Assert.InRange(nameSize, 1, 4096);
            }
            position = Up(data + part.Size, 4) + part.FollowerBytes;
        }
        return position;
    }

    private static long Up(long value, long multiple) => (value + multiple - 1) / multiple * multiple;
}
