using Rootcast.Contract;

namespace Rootcast.Lab.Running;

/// <summary>Something that happened in or to a running machine.</summary>
/// <param name="Kind">What.</param>
/// <param name="Said">The guest's line, for <see cref="MachineEventKind.Said"/>.</param>
/// <param name="ExitCode">QEMU's exit code, for <see cref="MachineEventKind.Exited"/>.</param>
public readonly record struct MachineEvent(MachineEventKind Kind, GuestEvent Said = default, int ExitCode = 0);
