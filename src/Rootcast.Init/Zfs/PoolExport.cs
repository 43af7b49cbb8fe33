namespace Rootcast.Init.Zfs;

/// <summary>The end of a pool, when nothing of the tree runs any more: written anew, so that the next import has nothing to find out and asks nobody.</summary>
public static class PoolExport
{
    /// <summary>What runs in the root of its programs. What the kernel has let go of a moment before may still be busy.</summary>
    /// <param name="pool">The pool's name.</param>
    public static IReadOnlyList<string> Command(string pool)
    {
        const string export = "n=0; until /sbin/zpool export -f \"$0\"; do n=$((n+1)); [ $n -lt 100 ] || exit 1; done";
        return ["/bin/sh", "-c", export, pool];
    }
}
