namespace Rootcast.Lab.Machines;

/// <summary>The other end of a machine's network card.</summary>
public enum MachineNetwork
{
    /// <summary>QEMU's user-mode network: DHCP answers, 10.0.2.2 is this host's loopback.</summary>
    User,

    /// <summary>The same, but nothing behind it can be reached; DHCP still answers.</summary>
    Blocked,

    /// <summary>A link that is up and on which nobody answers, not even DHCP.</summary>
    Silent,
}
