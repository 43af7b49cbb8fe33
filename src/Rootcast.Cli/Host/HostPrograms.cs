using Rootcast.Contract;
using Rootcast.Images;
using Rootcast.Images.Disks;
using Rootcast.Images.Forms;
using Rootcast.Images.Loaders;
using Rootcast.Lab.Machines;
using Rootcast.Lab.Running;
using Rootcast.Server.Ipxe;

namespace Rootcast.Cli.Host;

/// <summary>Which outside programs the main job calls, and why. Which package has a program is <see cref="Images.Tools.DebianPackages"/>' to say.</summary>
internal static class HostPrograms
{
    /// <summary>Boots the machines.</summary>
    public static HostProgram Qemu { get; } = new(QemuProgram.Name, "boots what was cast");

    /// <summary>What <c>write</c>, <c>iso</c> and <c>uki</c> call and read.</summary>
    public static IReadOnlyList<HostProgram> ForMedia { get; } =
    [
        .. IsoImage.Tools.Concat(DiskWriting.Tools).Select(program => new HostProgram(program, "makes media that boot")),
        .. IsoImage.Files.Select(file => new HostProgram(file, "boots from media")),
        new(UkiImage.StubPath, "is the stub of unified kernel images"),
        new("sbsign", "signs unified kernel images"),
    ];

    /// <summary>What <c>serve</c> hands to firmware.</summary>
    public static IReadOnlyList<HostProgram> ForServe { get; } =
    [new($"/usr/lib/ipxe/{IpxePrograms.Bios}", "is loaded by machines that boot over the network")];

    /// <summary>What <c>convert</c> and <c>inspect FILE</c> read images of other tools with, where they are not mounted.</summary>
    public static IReadOnlyList<HostProgram> ForConvert { get; } =
    [
        new("sqfs2tar", "reads squashfs without root"),
        new("fsck.erofs", "reads EROFS without root"),
        new("qemu-img", "reads images of disks"),
        new("lzop", "reads initrds of that kind"),
        new("lz4", "reads initrds of that kind"),
    ];

    /// <summary>What the tests of a checkout call beside that: outside judges of our bytes, and file systems to try them on.</summary>
    public static IReadOnlyList<HostProgram> ForTests { get; } =
    [
        new("cc", "compiles the C side of struct layouts"),
        new("cpio", "judges our archives"),
        new("bsdcpio", "judges our archives"),
        new("bsdtar", "judges our archives"),
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
        new("sbverify", "judges signatures"),
        new("objcopy", "judges unified kernel images"),
        new(UefiFirmware.Places[0].CodePath, "boots machines by UEFI"),
        new("sfdisk", "makes disks with partitions"),
        new("lb", "makes a live ISO to convert"),
        new("chromium", "shows the pages"),
        new("squashfuse", "serves a file system that is to be stopped"),
        new("fakeroot", "stands in for root"),
        new("newuidmap", "lets tests run without being root"),
        new("tftp", "fetches from our TFTP server"),
        new("curl", "fetches from our TFTP server"),
        new("dnsmasq", "is the DHCP server beside which machines boot from ours"),
        new("ip", "makes the networks of tests"),
        new("pg_createcluster", "is the database that boot servers share"),
        new("haproxy", "is the one address before several boot servers"),
        new("tshark", "judges what we send over networks"),
    ];

    /// <summary>What <c>try</c> needs.</summary>
    public static IReadOnlyList<HostProgram> ForTry(IReadOnlyList<Form> forms)
    {
        List<HostProgram> programs =
        [
            .. ImageBuilder.ProgramsForDebian.Select(program => new HostProgram(program, "makes the Debian tree and its kernel")),
            .. FormCasting.ToolsFor(forms).Select(program => new HostProgram(program, "casts the tree into a form")),
            Qemu,
        ];
        if (!Environment.IsPrivilegedProcess)
        {
            programs.Add(new HostProgram("newuidmap", "lets mmdebstrap make a tree without being root"));
        }
        return programs;
    }
}
