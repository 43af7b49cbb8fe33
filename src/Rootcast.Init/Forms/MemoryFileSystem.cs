using Rootcast.Contract;
using Rootcast.Linux;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;

namespace Rootcast.Init.Forms;

/// <summary>
/// The tmpfs that a form holds files in. On a machine with more than one memory node its pages are spread over all of them: init writes them all from
/// one processor, so else one node would be filled, and every program on it would get its own memory from far away.
/// </summary>
public static class MemoryFileSystem
{
    private const string Nodes = "/sys/devices/system/node/";

    /// <summary>Mounts one.</summary>
    /// <param name="boot">The boot.</param>
    /// <param name="name">How it is called in the table of mounts.</param>
    /// <param name="place">An existing directory.</param>
    /// <param name="options">What tmpfs reads beside <c>mpol=</c>: <c>size=1G,mode=0755</c>.</param>
    /// <param name="flags">See <see cref="MountFlags"/>.</param>
    public static void Mount(Boot boot, string name, string place, string options, MountFlags flags)
    {
        // has_memory is what mpol= is checked against; kernels without CONFIG_NUMA have neither file.
        string? nodes = SmallFile.TryReadText(Nodes + "has_memory") ?? SmallFile.TryReadText(Nodes + "online");
        if (PolicyFor(boot.Plan.MemoryPolicy, nodes) is not { } policy)
        {
            Mounting.Mount("tmpfs", name, place, flags, options);
            return;
        }
        int errno = Mounting.TryMount("tmpfs", name, place, flags, $"{options},mpol={policy}");
        if (errno == Errno.Invalid)
        {
            boot.Journal.Problem(
                $"this kernel does not take mpol={policy} for {place} (memory nodes: {nodes ?? "none"}); memory is taken as it comes"
            );
            Mounting.Mount("tmpfs", name, place, flags, options);
            return;
        }
        if (errno != 0)
        {
            throw Syscall.Failed("mount tmpfs on", place, errno);
        }
        boot.Journal.Say($"the memory of {place} comes from nodes {nodes} by mpol={policy}");
    }

    /// <summary>What <c>mpol=</c> is to say; null for nothing.</summary>
    /// <param name="asked">As the plan has it.</param>
    /// <param name="nodes">The nodes with memory, as sysfs lists them: <c>0</c>, <c>0-1</c>, <c>0,2</c>. Null where the kernel has no notion of them.</param>
    public static string? PolicyFor(string? asked, string? nodes) =>
        asked == BootPlan.DefaultMemoryPolicy
            ? null
            : asked ?? (nodes is not null && nodes.AsSpan().ContainsAny(",-") ? "interleave" : null);
}
