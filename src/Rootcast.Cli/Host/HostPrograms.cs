using Rootcast.Contract;
using Rootcast.Images.Forms;
using Rootcast.Lab.Running;

namespace Rootcast.Cli.Host;

/// <summary>Which outside programs the main job calls, and why. Which package has a program is <see cref="Images.Tools.DebianPackages"/>' to say.</summary>
internal static class HostPrograms
{
    /// <summary>Boots the machines.</summary>
    public static HostProgram Qemu { get; } = new(QemuProgram.Name, "boots what was cast");

    /// <summary>What the tests of a checkout call beside that: outside judges of our bytes, and file systems to try them on.</summary>
    public static IReadOnlyList<HostProgram> ForTests { get; } =
    [
        new("cc", "compiles the C side of struct layouts"),
        new("cpio", "judges our archives"),
        new("bsdcpio", "judges our archives"),
        new("bsdtar", "judges our archives"),
        new("lz4", "makes and reads initrds of that kind"),
        new("xz", "makes and reads initrds of that kind"),
        new("bzip2", "makes initrds of that kind"),
        new("zstd", "judges our streams"),
        new("busybox", "is packed as the rescue shell"),
        new("skopeo", "judges the store"),
        new("unsquashfs", "judges squashfs artefacts"),
        new("e2fsck", "judges ramdisk artefacts"),
        new("setcap", "gives files capabilities"),
        new("setfattr", "gives files attributes"),
        new("mkfs.ext4", "makes file systems to be recognised"),
        new("mkfs.xfs", "makes file systems to be recognised"),
        new("mkfs.btrfs", "makes file systems to be recognised"),
        new("mkfs.vfat", "makes file systems to be recognised"),
        new("mkfs.erofs", "makes file systems to be recognised"),
        new("xorriso", "makes file systems to be recognised"),
        new("fakeroot", "stands in for root"),
        new("newuidmap", "lets tests run without being root"),
    ];

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
