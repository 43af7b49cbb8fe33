namespace Rootcast.Images.Initramfs;

/// <summary>What one machine needs to reach its root, as its own /sys and /proc tell.</summary>
public sealed record HostNeeds
{
    /// <summary>Kernel arguments that name the root, for where the boot loader says none: <c>root=UUID=… rootflags=subvol=@</c>.</summary>
    public required string RootArguments { get; init; }

    /// <summary>What the root lies on, for people: <c>ext4 on /dev/vg/root on LVM on /dev/vda2</c>.</summary>
    public required string Description { get; init; }

    /// <summary>Modules of the drivers that are in use and of what the root lies on, with the reason for each. The first are those without which the root
    /// can't be reached.</summary>
    public required IReadOnlyList<(string Name, string Because)> Modules { get; init; }

    /// <summary>Devices that a boot may need: disks, their controllers, input, Ethernet.</summary>
    public required IReadOnlyList<string> Modaliases { get; init; }

    /// <summary>Programs that bring the root's devices up.</summary>
    public IReadOnlyList<InitramfsReason> Programs { get; init; } = [];

    /// <summary>Their configuration, and keys.</summary>
    public IReadOnlyList<InitramfsReason> Copies { get; init; } = [];

    /// <summary>Configuration that was made for the initramfs.</summary>
    public IReadOnlyList<(InitramfsReason Reason, string Text)> Texts { get; init; } = [];

    /// <summary>What will be otherwise than before, for people.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
