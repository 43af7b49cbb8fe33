namespace Rootcast.Contract;

/// <summary>What init does after it has shown why a boot failed: <c>rootcast.onfail=</c>.</summary>
public enum OnFail
{
    /// <summary>Restart after the countdown.</summary>
    Reboot,

    /// <summary>Power off after the countdown.</summary>
    Halt,

    /// <summary>A busybox shell, when one is packed; else as <see cref="Reboot"/>.</summary>
    Shell,
}
