namespace Rootcast.Lab.Machines;

/// <summary>What executes a machine's instructions.</summary>
public enum Accelerator
{
    /// <summary>QEMU's own translator: works everywhere; its seconds compare only with seconds of the same run.</summary>
    Tcg,

    /// <summary>The processor, through /dev/kvm.</summary>
    Kvm,
}
