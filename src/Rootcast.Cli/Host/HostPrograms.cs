using Rootcast.Contract;
using Rootcast.Images.Forms;
using Rootcast.Lab.Running;

namespace Rootcast.Cli.Host;

/// <summary>Which outside programs the main job calls, and why. Which package has a program is <see cref="Images.Tools.DebianPackages"/>' to say.</summary>
internal static class HostPrograms
{
    /// <summary>Boots the machines.</summary>
    public static HostProgram Qemu { get; } = new(QemuProgram.Name, "boots what was cast");

    /// <summary>What <c>try</c> needs.</summary>
    public static IReadOnlyList<HostProgram> ForTry(IReadOnlyList<Form> forms)
    {
        List<HostProgram> programs =
        [
            new("mmdebstrap", "makes the Debian tree"),
            new("dpkg-deb", "unpacks the kernel's package"),
            .. FormCasting.ToolsFor(forms).Select(program => new HostProgram(program, "casts the tree into a form")),
            Qemu,
        ];
        if (!Environment.IsPrivilegedProcess)
        {
            programs.Add(new HostProgram("newuidmap", "lets mmdebstrap make a tree without being root"));
        }
        return [.. programs.DistinctBy(program => program.Program, StringComparer.Ordinal)];
    }
}
