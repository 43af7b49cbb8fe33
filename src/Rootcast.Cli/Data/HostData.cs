namespace Rootcast.Cli.Data;

/// <summary>Where boots were measured.</summary>
internal sealed record HostData(
    string System,
    string Kernel,
    int Cpus,
    long MemoryBytes,
    string Qemu,
    string Accelerator,
    string AcceleratorReason,
    long GuestMemoryBytes,
    int GuestCpus,
    string Rootcast
);
