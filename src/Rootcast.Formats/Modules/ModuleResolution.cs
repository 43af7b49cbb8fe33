namespace Rootcast.Formats.Modules;

/// <summary>What a name or a modalias stands for.</summary>
/// <param name="Modules">The modules that are files; more than one driver may claim a device.</param>
/// <param name="IsBuiltin">Whether (also) a driver in the kernel itself answers to it: then nothing is missing.</param>
public sealed record ModuleResolution(IReadOnlyList<KernelModule> Modules, bool IsBuiltin)
{
    /// <summary>Whether this kernel knows nothing of that name.</summary>
    public bool IsUnknown => Modules.Count == 0 && !IsBuiltin;
}
