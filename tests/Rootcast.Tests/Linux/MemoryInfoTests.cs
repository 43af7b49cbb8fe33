using Rootcast.Linux.Memory;

namespace Rootcast.Tests;

public sealed class MemoryInfoTests
{
    [Fact]
    public void Fields_are_in_bytes_and_absent_ones_zero() =>
        Assert.Equal(
            new MemoryInfo(995_356L * 1024, 885_060L * 1024, 0),
            MemoryInfo.Parse("MemTotal:         995356 kB\nMemFree:          885060 kB\nMemAvailableNot:   1 kB\n")
        );
}
