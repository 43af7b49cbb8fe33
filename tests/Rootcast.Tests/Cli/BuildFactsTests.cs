using Rootcast.Cli;

namespace Rootcast.Tests;

public class BuildFactsTests
{
    [Fact]
    public void TheDayAfterTheEndOfSupportIsOutOfSupport()
    {
        BuildFacts facts = new("1.0", ".NET 9.0.1", Native: true, new DateOnly(2026, 11, 10));
        Assert.Equal("supported until 2026-11-10", facts.Support(new DateOnly(2026, 11, 10)));
        Assert.Equal("out of support since 2026-11-10", facts.Support(new DateOnly(2026, 11, 11)));
        Assert.Contains("compiled ahead of time for .NET 9.0.1", facts.Line, StringComparison.Ordinal);
    }
}
