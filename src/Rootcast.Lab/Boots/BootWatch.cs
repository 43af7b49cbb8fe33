namespace Rootcast.Lab.Boots;

/// <summary>What to wait for in a boot, and how long.</summary>
/// <param name="Until">Name of a mark; null waits until the machine ends.</param>
/// <param name="Deadline">For the whole boot, from QEMU's start.</param>
/// <param name="Console">A text on the guest's console that is as good as the mark; null for none.</param>
/// <param name="Answer">A question on the guest's console and what is typed there then; null for none. Takes <see cref="Machines.MachineFiles.ConsoleSocket"/>.</param>
public sealed record BootWatch(string? Until, TimeSpan Deadline, string? Console = null, (string Question, string Line)? Answer = null);
