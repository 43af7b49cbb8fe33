using Rootcast.Lab.Measuring;

namespace Rootcast.Tests;

public class KernelOptionsTests
{
    [Fact]
    public void ThoseThatMatterAreKeptAsTheyStand()
    {
        const string config = """
            #
            # Automatically generated file; DO NOT EDIT.
            #
            CONFIG_SQUASHFS=m
            # CONFIG_SQUASHFS_FILE_CACHE is not set
            CONFIG_SQUASHFS_DECOMP_MULTI_PERCPU=y
            CONFIG_SQUASHFS_FRAGMENT_CACHE_SIZE=3
            CONFIG_HZ=250
            CONFIG_HZ_250=y
            CONFIG_TRANSPARENT_HUGEPAGE_ALWAYS=y
            CONFIG_USB=m
            CONFIG_
            """;
        Assert.Equal(
            [
                "# CONFIG_SQUASHFS_FILE_CACHE is not set",
                "CONFIG_SQUASHFS_DECOMP_MULTI_PERCPU=y",
                "CONFIG_SQUASHFS_FRAGMENT_CACHE_SIZE=3",
                "CONFIG_HZ=250",
                "CONFIG_TRANSPARENT_HUGEPAGE_ALWAYS=y",
            ],
            KernelOptions.Of(config)
        );
        Assert.Empty(KernelOptions.Of(""));
    }
}
