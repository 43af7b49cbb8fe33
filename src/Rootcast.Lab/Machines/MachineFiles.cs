namespace Rootcast.Lab.Machines;

/// <summary>Where a running machine's sockets and console log are.</summary>
/// <param name="EventSocket">Unix socket on which we listen for <see cref="Contract.GuestEvent"/> lines.</param>
/// <param name="ControlSocket">Unix socket on which we listen for QEMU's QMP.</param>
/// <param name="ConsoleLog">All that the guest wrote to its first serial port.</param>
/// <param name="ConsoleSocket">Unix socket on which we listen for the first serial port, so that something can be typed there; null for a console that only speaks.</param>
/// <param name="WorkSocket">Unix socket on which we listen to hand <see cref="Machine.Work"/> over; only with that.</param>
/// <param name="ProcessFile">Where QEMU writes the number of its process; only with <see cref="Machine.CountsTouched"/>.</param>
public sealed record MachineFiles(
    string EventSocket,
    string ControlSocket,
    string ConsoleLog,
    string? ConsoleSocket = null,
    string? WorkSocket = null,
    string? ProcessFile = null
);
