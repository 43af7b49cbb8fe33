using Rootcast.Lab.Measuring;

namespace Rootcast.Tests;

public class LeastSearchTests
{
    private const long Mebibyte = 1 << 20;

    [Theory]
    [InlineData(160, 2048, 170)]
    [InlineData(160, 2048, 100)]
    [InlineData(160, 2048, 2000)]
    [InlineData(40, 2048, 170)]
    [InlineData(2048, 2048, 170)]
    [InlineData(504, 512, 0)]
    public void ItFindsTheLeastInStepsOfEight(long least, long enough, long guess)
    {
        List<LeastAttempt> attempts = [];
        while (LeastSearch.Next(enough * Mebibyte, guess * Mebibyte, attempts) is { } memory)
        {
            Assert.Equal(0, memory % LeastSearch.Step);
            attempts.Add(new LeastAttempt(memory, memory >= least * Mebibyte, ""));
            Assert.True(attempts.Count < 60, "it does not come to an end");
        }
        Assert.Equal(least * Mebibyte, LeastSearch.Result(enough * Mebibyte, attempts));
        Assert.All(attempts.GroupBy(attempt => attempt.MemoryBytes), size => Assert.Equal(LeastSearch.Times, size.Count()));
    }

    [Fact]
    public void OneFailureInThreeIsTooLittle()
    {
        List<LeastAttempt> attempts = [];
        while (LeastSearch.Next(256 * Mebibyte, 128 * Mebibyte, attempts) is { } memory)
        {
            bool third = attempts.Count(attempt => attempt.MemoryBytes == memory) == 2;
            attempts.Add(new LeastAttempt(memory, memory >= 200 * Mebibyte || (memory >= 120 * Mebibyte && !third), ""));
        }
        Assert.Equal(200 * Mebibyte, LeastSearch.Result(256 * Mebibyte, attempts));
    }

    [Fact]
    public void ASizeThatWasBegunIsBroughtToItsEnd()
    {
        LeastAttempt[] begun = [new(128 * Mebibyte, Ready: true, "ready")];
        Assert.Equal(128 * Mebibyte, LeastSearch.Next(256 * Mebibyte, 64 * Mebibyte, begun));
        Assert.Null(LeastSearch.Result(256 * Mebibyte, begun));
    }
}
