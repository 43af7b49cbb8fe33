using Rootcast.Formats.Erofs;

namespace Rootcast.Tests;

/// <summary>What it writes is judged by fsck.erofs in <see cref="FormCastingTests"/>.</summary>
public class ErofsBuildTimeTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1023)]
    [InlineData(4095)]
    [InlineData(ErofsBuildTime.BytesNeeded)]
    public void WhatIsNoSuchImageIsRefused(int length) =>
        Assert.Throws<InvalidDataException>(() => ErofsBuildTime.Set(new byte[length], 5));
}
