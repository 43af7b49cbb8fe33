using Rootcast.Init.Zfs;

namespace Rootcast.Tests;

public class HostIdentityTests
{
    [Theory]
    [InlineData("")]
    [InlineData("00000000-0000-0000-0000-000000000000\n")]
    [InlineData("FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF\n")]
    public void AMachineWithoutAnIdentifierHasNone(string identifier) => Assert.Null(HostIdentity.Of(identifier));

    [Fact]
    public void TwoMachinesHaveTwoAndEachKeepsItsOwn()
    {
        uint? one = HostIdentity.Of("0f0e0d0c-0b0a-4908-8706-050403020100\n");
        Assert.NotNull(one);
        Assert.Equal(one, HostIdentity.Of("0F0E0D0C-0B0A-4908-8706-050403020100"));
        Assert.NotEqual(one, HostIdentity.Of("0f0e0d0c-0b0a-4908-8706-050403020101"));
    }
}
