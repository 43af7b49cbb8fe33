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

    [Fact]
    public void Free_pages_of_every_processor_count() =>
        Assert.Equal(
            (63 + 7) * Environment.SystemPageSize,
            MemoryInfo.FreeOnProcessors(
                """
                Node 0, zone      DMA
                  pagesets
                    cpu: 0
                              count:    63
                              high:     378
                    cpu: 1
                              count: 7
                      present  0
                """
            )
        );
}
