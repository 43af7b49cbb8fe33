namespace Rootcast.Lab.Machines;

/// <summary>A virtual machine before it runs. <see cref="QemuArguments"/> is its only reader.</summary>
public sealed record Machine
{
    /// <summary>How a guest reaches this host's loopback through <see cref="MachineNetwork.User"/>.</summary>
    public const string HostAddress = "10.0.2.2";

    /// <summary>The bzImage; null when the firmware is to boot from the first disk.</summary>
    public string? Kernel { get; init; }

    /// <summary>UEFI instead of SeaBIOS.</summary>
    public UefiFirmware? Uefi { get; init; }

    /// <summary>The initrd, all its segments in one file; null for none.</summary>
    public string? Initrd { get; init; }

    /// <summary>The kernel's command line without the console, which <see cref="QemuArguments"/> adds.</summary>
    public string CommandLine { get; init; } = "";

    /// <summary>Memory in bytes, a multiple of 1 MiB.</summary>
    public long MemoryBytes { get; init; } = 2L << 30;

    /// <summary>Its identifier in the SMBIOS tables (system UUID); null for QEMU's, which is none.</summary>
    public Guid? Id { get; init; }

    /// <summary>Virtual processors.</summary>
    public int Cpus { get; init; } = 2;

    /// <summary>Memory nodes (NUMA), at most as many as <see cref="Cpus"/>; memory and processors are dealt out evenly.</summary>
    public int MemoryNodes { get; init; } = 1;

    /// <summary>Disks in the order in which the guest finds them.</summary>
    public IReadOnlyList<MachineDisk> Disks { get; init; } = [];

    /// <summary>Network cards (virtio_net), one each.</summary>
    public IReadOnlyList<MachineNetwork> Networks { get; init; } = [];

    /// <summary>A card whose other end is a link of this host, and from which the firmware boots where there is no <see cref="Kernel"/>; null for none.</summary>
    public MachineTap? Tap { get; init; }

    /// <summary>What the firmware is told by QEMU's fw_cfg: <c>opt/org.tianocore/IPv4PXESupport</c> is <c>no</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> FirmwareSettings { get; init; } = [];

    /// <summary>What the guest does once it is ready; null for nothing.</summary>
    public GuestWork? Work { get; init; }

    /// <summary>Whether memory is held so that this host can tell which pages of it were ever touched. Not with several <see cref="MemoryNodes"/>.</summary>
    public bool CountsTouched { get; init; }

    /// <summary>Where the console goes.</summary>
    public ConsoleMode Console { get; init; } = ConsoleMode.Log;

    /// <summary>What executes it.</summary>
    public Accelerator Accelerator { get; init; } = Accelerator.Tcg;
}
