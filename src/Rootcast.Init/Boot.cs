using Rootcast.Contract;
using Rootcast.Init.Devices;
using Rootcast.Init.Journal;
using Rootcast.Init.RootDaemons;

namespace Rootcast.Init;

/// <summary>What every stage of a boot works with.</summary>
/// <param name="Plan">What is to be done.</param>
/// <param name="Journal">Where it is told.</param>
/// <param name="Modules">Kernel modules of the initramfs.</param>
/// <param name="Devices">Devices as the kernel tells of them.</param>
public sealed record Boot(BootPlan Plan, BootJournal Journal, ModuleLoader Modules, DeviceWatch Devices)
{
    /// <summary>The root daemons that run.</summary>
    public List<RunningDaemon> Daemons { get; init; } = [];

    /// <summary>Whether another carrier is asked when this one does not have the artefact.</summary>
    public bool OthersFollow { get; init; }
}
