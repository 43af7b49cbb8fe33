using Rootcast.Contract;

namespace Rootcast.Vm.Tests;

/// <summary>A pool that zfs-fuse serves.</summary>
/// <param name="lab">The lab.</param>
[Trait("tier", "full")]
public sealed class ZfsFuseTests(GuestLab lab) : PoolTests(lab, Form.ZfsFuse)
{
    /// <inheritdoc/>
    protected override string[] Checks => ["spared", "devices", "written", "packages", "mapped", "bus", "mounts", "other", "tree"];

    /// <inheritdoc/>
    protected override int SmallFiles => 10_000;
}
