using Rootcast.Contract;

namespace Rootcast.Vm.Tests;

/// <summary>A pool that zfs-fuse serves.</summary>
/// <param name="lab">The lab.</param>
[Trait("tier", "full")]
public sealed class ZfsFuseTests(GuestLab lab) : PoolTests(lab, Form.ZfsFuse)
{
    /// <inheritdoc/>
    protected override string[] Checks => ["spared", "devices", "written", "packages", "mapped", "bus", "mounts", "other", "tree"];

    /// <summary>As many as Linux 2.6.22 had, the kernel of that year (78,000, a present one's, take twelve minutes).</summary>
    protected override int SmallFiles => 22_500;
}
