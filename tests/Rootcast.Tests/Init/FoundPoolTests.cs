using FsCheck;
using FsCheck.Fluent;
using Rootcast.Init.Zfs;

namespace Rootcast.Tests;

public class FoundPoolTests
{
    private const string Two = """
          pool: rpool
            id: 5867321399512083145
         state: ONLINE
        action: The pool can be imported using its name or numeric identifier.
        config:

        	rpool       ONLINE
        	  loop0     ONLINE

          pool: tank
            id: 17
         state: DEGRADED
        status: One or more devices are missing from the system.
        	The pool can still be read.
        action: The pool can be imported despite missing or damaged devices.  The
        	fault tolerance of the pool may be compromised if imported.
           see: http://www.sun.com/msg/ZFS-8000-2Q
        config:

        	tank          DEGRADED
        	  mirror-0    DEGRADED
        	    vda       ONLINE
        	    123456    UNAVAIL  cannot open
        """;

    [Fact]
    public void PoolsAreReadFromTheList()
    {
        Assert.Equal(
            [
                new FoundPool("rpool", "5867321399512083145", "ONLINE", ""),
                new FoundPool("tank", "17", "DEGRADED", "One or more devices are missing from the system. The pool can still be read."),
            ],
            FoundPool.Parse(Two)
        );
        Assert.Equal([true, false], FoundPool.Parse(Two).Select(pool => pool.IsWhole));
        Assert.All(FoundPool.Parse(Two), pool => Assert.True(pool.IsUsable));
    }

    [Theory]
    [InlineData("no pools available to import")]
    [InlineData("  pool: x\n state: ONLINE\n")]
    [InlineData("  pool: x\n    id: -1\n")]
    [InlineData("  pool: x\n    id: 123456789012345678901\n")]
    public void WhatIsNoPoolIsNone(string text) => Assert.Empty(FoundPool.Parse(text));

    [Fact]
    public void AnyTextIsRead() =>
        Prop.ForAll<string?>(text =>
                Assert.All(FoundPool.Parse(text ?? ""), pool => Assert.True(ulong.TryParse(pool.Id, out _) || pool.Id.Length == 20))
            )
            .QuickCheckThrowOnFailure();
}
