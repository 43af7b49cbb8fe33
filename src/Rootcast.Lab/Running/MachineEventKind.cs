namespace Rootcast.Lab.Running;

/// <summary>What a <see cref="MachineEvent"/> tells.</summary>
public enum MachineEventKind
{
    /// <summary>The guest wrote a line to the event port.</summary>
    Said,

    /// <summary>The guest restarted, which ends the machine.</summary>
    Reset,

    /// <summary>The guest powered itself off.</summary>
    PoweredOff,

    /// <summary>The guest's kernel panicked and said so to QEMU.</summary>
    Panicked,

    /// <summary>QEMU is gone; nothing follows.</summary>
    Exited,
}
