using System.Net;
using Rootcast.Server.Dashboard;

namespace Rootcast.Tests;

public class AttemptLimitTests
{
    private static readonly IPAddress One = IPAddress.Parse("192.0.2.1");

    [Fact]
    public void AnAddressMayBeWrongAFewTimesInAWhile()
    {
        ManualClock clock = new();
        AttemptLimit limit = new(clock);
        for (int i = 0; i < AttemptLimit.Most; i++)
        {
            Assert.Equal(0, limit.Enter(One));
        }
        Assert.Equal(301, limit.Enter(One));
        Assert.Equal(0, limit.Enter(IPAddress.Parse("192.0.2.2")));
        clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(61, limit.Enter(One));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, limit.Enter(One));
    }

    [Fact]
    public void WhoIsRightBeginsAnew()
    {
        AttemptLimit limit = new(new ManualClock());
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(0, limit.Enter(One));
            limit.Forget(One);
        }
    }

    [Fact]
    public void OfIpv6ANetworkCounts()
    {
        AttemptLimit limit = new(new ManualClock());
        for (int i = 1; i <= AttemptLimit.Most; i++)
        {
            Assert.Equal(0, limit.Enter(IPAddress.Parse($"2001:db8::{i}")));
        }
        Assert.NotEqual(0, limit.Enter(IPAddress.Parse("2001:db8::ffff")));
        Assert.Equal(0, limit.Enter(IPAddress.Parse("2001:db8:0:1::1")));
    }

    [Fact]
    public void MadeUpAddressesFillNoMemoryAndFree()
    {
        ManualClock clock = new();
        AttemptLimit limit = new(clock);
        for (int i = 0; i < 4096; i++)
        {
            Assert.Equal(0, limit.Enter(new IPAddress([10, 0, (byte)(i >> 8), (byte)i])));
        }
        Assert.NotEqual(0, limit.Enter(One));
        clock.Advance(AttemptLimit.Window);
        Assert.Equal(0, limit.Enter(One));
    }
}
