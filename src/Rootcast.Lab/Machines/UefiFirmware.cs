namespace Rootcast.Lab.Machines;

/// <summary>EDK2's firmware for virtual machines, without Secure Boot.</summary>
/// <param name="CodePath">The firmware.</param>
/// <param name="VariablesPath">Its variables as they are at first; never written to.</param>
public sealed record UefiFirmware(string CodePath, string VariablesPath)
{
    /// <summary>Where distributions keep it.</summary>
    public static IReadOnlyList<UefiFirmware> Places { get; } =
    [
        new("/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"),
        new("/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"),
        new("/usr/share/edk2/ovmf/OVMF_CODE.fd", "/usr/share/edk2/ovmf/OVMF_VARS.fd"),
        new("/usr/share/edk2/x64/OVMF_CODE.4m.fd", "/usr/share/edk2/x64/OVMF_VARS.4m.fd"),
    ];

    /// <summary>This host's; null when it has none.</summary>
    public static UefiFirmware? Find() => Places.FirstOrDefault(place => File.Exists(place.CodePath) && File.Exists(place.VariablesPath));
}
