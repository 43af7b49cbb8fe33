using System.Globalization;
using Rootcast.Contract;
using Rootcast.Images.Initramfs;

namespace Rootcast.Tests;

/// <summary>On made up machines: /proc/self/mountinfo and what /sys looks like for their disks.</summary>
public sealed class HostReadingTests : IDisposable
{
    private const string Disk = "/sys/devices/pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block/sda";
    private readonly TemporaryDirectory _machine = new();

    public HostReadingTests()
    {
        _machine.Write(Disk[1..] + "/dev", "8:0");
        _machine.Write(Disk[1..] + "/sda1/partition", "1");
        _machine.Write(Disk[1..] + "/sda2/partition", "2");
        Link("/sys/class/block/sda", Disk);
        Link("/sys/class/block/sda1", Disk + "/sda1");
        Link("/sys/class/block/sda2", Disk + "/sda2");
        Link("/sys/dev/block/8:1", Disk + "/sda1");
        _machine.Write("sys/module/ahci/x", "");
        _machine.Write("sys/module/sd_mod/x", "");
        Link("/sys/devices/pci0000:00/0000:00:1f.2/driver/module", "/sys/module/ahci");
        Link(Disk[..Disk.IndexOf("/block/", StringComparison.Ordinal)] + "/driver/module", "/sys/module/sd_mod");
        Modalias("pci", "0000:00:1f.2", "pci:v00008086d00002922sv00001AF4sd00001100bc01sc06i01");
        Modalias("pci", "0000:00:02.0", "pci:v00001234d00001111sv00001AF4sd00001100bc03sc00i00");
        Modalias("pci", "0000:00:03.0", "pci:v00001AF4d00001000sv00001AF4sd00000001bc02sc00i00");
        Modalias("pci", "0000:00:04.0", "pci:v00008086d00002668sv00001AF4sd00001100bc04sc03i00");
        Modalias("scsi", "0:0:0:0", "scsi:t-0x00");
        Modalias("usb", "1-1:1.0", "usb:v0627p0001d0000dc00dsc00dp00ic03isc01ip01in00");
        Modalias("usb", "1-2:1.0", "usb:v046Dp0825d0012dcEFdsc02dp01ic0Eisc01ip00in00");
        Mount("8:1", "/", "ext4", "/dev/sda1");
        _machine.Write("dev/sda1", "");
        File.WriteAllBytes(_machine.File("dev/sda1"), Ext4());
    }

    public void Dispose() => _machine.Dispose();

    [Fact]
    public async Task APlainDiskIsNamedByItsUuidWithTheDriversBelowIt()
    {
        HostNeeds needs = await ReadAsync();
        Assert.Equal("root=UUID=00112233-4455-6677-8899-aabbccddeeff rootfstype=ext4", needs.RootArguments);
        Assert.Equal("ext4 on sda1", needs.Description);
        Assert.Equal(["ext4", "sd_mod", "ahci"], needs.Modules.Select(module => module.Name));
        Assert.Equal("driver below the root's disk sda", needs.Modules[1].Because);
        Assert.Empty(needs.Programs);
        // Not the screen, the sound and the camera.
        Assert.Equal(
            [
                "pci:v00001AF4d00001000sv00001AF4sd00000001bc02sc00i00",
                "pci:v00008086d00002922sv00001AF4sd00001100bc01sc06i01",
                "scsi:t-0x00",
                "usb:v0627p0001d0000dc00dsc00dp00ic03isc01ip01in00",
            ],
            needs.Modaliases
        );
    }

    [Fact]
    public async Task ASubvolumeBecomesAnOption()
    {
        Mount("0:25", "/", "btrfs", "/dev/sda1", inside: "/@");
        Assert.Equal(
            "root=UUID=00112233-4455-6677-8899-aabbccddeeff rootfstype=btrfs rootflags=subvol=/@",
            (await ReadAsync()).RootArguments
        );
    }

    [Fact]
    public async Task LvmOnLuksIsBroughtUpFromBelow()
    {
        Mapped("dm-0", "CRYPT-LUKS2-00112233445566778899aabbccddeeff-sda2_crypt", "sda2_crypt", "253:0", Disk + "/sda2");
        Mapped("dm-1", "LVM-abc", "my--vg-root", "253:1", "/sys/devices/virtual/block/dm-0");
        Mount("253:1", "/", "ext4", "/dev/mapper/my--vg-root");
        _machine.Write("usr/sbin/lvm", "");
        _machine.Write("sbin/cryptsetup", "");
        HostNeeds needs = await ReadAsync();
        Assert.Equal(
            "root=/dev/mapper/my--vg-root rootfstype=ext4 "
                + "rootcast.activate=luks:00112233-4455-6677-8899-aabbccddeeff:sda2_crypt,lvm:my-vg/root",
            needs.RootArguments
        );
        Assert.Equal("ext4 on LVM (my--vg-root) on LUKS (sda2_crypt)", needs.Description);
        Assert.Equal(["/sbin/cryptsetup", "/usr/sbin/lvm"], needs.Programs.Select(program => program.Path));
        Assert.Superset(
            new HashSet<string>(["ahci", "sd_mod", "dm_crypt", "dm_mod", "xts"]),
            needs.Modules.Select(module => module.Name).ToHashSet()
        );
        BootPlan? plan = BootPlan.Parse(KernelArguments.Parse("rootcast.form=disk " + needs.RootArguments), out _);
        Assert.Equal("luks:00112233-4455-6677-8899-aabbccddeeff:sda2_crypt,lvm:my-vg/root", plan!.Activate);
    }

    /// <summary>A thin volume lies on its pool, and that on two volumes more; one call brings up all of them.</summary>
    [Fact]
    public async Task PartsOfAVolumeAreNotBroughtUpByThemselves()
    {
        const string group = "LVM-abcdefghijklmnopqrstuvwxyz012345";
        const string other = "LVM-012345abcdefghijklmnopqrstuvwxyz";
        const string volume = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
        Mapped("dm-0", $"{other}{volume}", "below-all", "253:0", Disk + "/sda2");
        Mapped("dm-1", $"{group}{volume}-tdata", "vg-pool_tdata", "253:1", "/sys/devices/virtual/block/dm-0");
        Mapped("dm-2", $"{group}{volume}-tpool", "vg-pool-tpool", "253:2", "/sys/devices/virtual/block/dm-1");
        Mapped("dm-3", $"{group}{volume}", "vg-root", "253:3", "/sys/devices/virtual/block/dm-2");
        Mount("253:3", "/", "ext4", "/dev/mapper/vg-root");
        _machine.Write("usr/sbin/lvm", "");
        _machine.Write("usr/sbin/thin_check", "");
        HostNeeds needs = await ReadAsync();
        Assert.Equal("root=/dev/mapper/vg-root rootfstype=ext4 rootcast.activate=lvm:below/all,lvm:vg/root", needs.RootArguments);
        Assert.Equal(["/usr/sbin/lvm", "/usr/sbin/thin_check"], needs.Programs.Select(program => program.Path));
        Assert.Contains("dm_thin_pool", needs.Modules.Select(module => module.Name));
    }

    [Theory]
    [InlineData("", false, "", null)]
    [InlineData("root UUID=x none luks,discard", false, ":discard", null)]
    [InlineData("root UUID=x /etc/keys/root luks", true, ":key=/etc/keys/root", null)]
    [InlineData("root UUID=x /etc/keys/root luks,allow-discards", true, ":discard:key=/etc/keys/root", null)]
    [InlineData("# a remark\nother UUID=x /nowhere\nroot UUID=x /etc/keys/root luks", false, "", "--luks-keys packs it")]
    [InlineData("root UUID=x none tpm2-device=auto", true, "", "by tpm2-device")]
    public async Task KeysAreThoseOfCrypttab(string crypttab, bool withKeys, string options, string? note)
    {
        EncryptedRoot(crypttab);
        _machine.Write("etc/keys/root", "secret");
        HostNeeds needs = await HostReading.ReadAsync(_machine.Path, withKeys, TestContext.Current.CancellationToken);
        Assert.EndsWith(
            $"rootcast.activate=luks:00112233-4455-6677-8899-aabbccddeeff:root{options}",
            needs.RootArguments,
            StringComparison.Ordinal
        );
        Assert.Equal(options.Contains("key=", StringComparison.Ordinal) ? ["/etc/keys/root"] : [], needs.Copies.Select(copy => copy.Path));
        Assert.Equal(note is null ? 0 : 1, needs.Notes.Count);
        Assert.Contains(note ?? "", string.Concat(needs.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("root UUID=x /etc/keys/gone luks", "/etc/keys/gone")]
    [InlineData("root UUID=x /dev/urandom luks", "/dev/urandom")]
    [InlineData("root UUID=x /etc/keys/a,b luks", "a,b")]
    [InlineData("root UUID=x none luks,header=/boot/header", "LUKS header is on another device")]
    public async Task AKeyThatCannotBePackedIsRefused(string crypttab, string reason)
    {
        EncryptedRoot(crypttab);
        UserError error = await Assert.ThrowsAsync<UserError>(() =>
            HostReading.ReadAsync(_machine.Path, withKeys: true, TestContext.Current.CancellationToken)
        );
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMissingProgramIsToldBeforeAnythingIsReplaced()
    {
        Mapped("dm-1", "LVM-abc", "vg-root", "253:1", Disk + "/sda2");
        Mount("253:1", "/", "ext4", "/dev/mapper/vg-root");
        UserError error = await Assert.ThrowsAsync<UserError>(ReadAsync);
        Assert.Contains("lvm", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0:30", "overlay", "overlay", "runs from memory or in a container")]
    [InlineData("0:31", "nfs4", "server:/root", "comes from another machine")]
    [InlineData("0:32", "zfs", "rpool/root", "which /init does not mount")]
    [InlineData("7:0", "ext4", "/dev/loop0", "is on loop0")]
    [InlineData("253:9", "ext4", "/dev/mapper/mpatha", "a device mapper's mpath")]
    [InlineData("252:0", "ext4", "/dev/bcache0", "is on bcache0, which no disk is")]
    [InlineData("9:126", "ext4", "/dev/md126", "a RAID of the firmware")]
    public async Task ARootThatIsNotSupportedIsRefused(string number, string type, string source, string reason)
    {
        _machine.Write("sys/devices/virtual/block/loop0/dev", "7:0");
        Link("/sys/class/block/loop0", "/sys/devices/virtual/block/loop0");
        Link("/sys/dev/block/7:0", "/sys/devices/virtual/block/loop0");
        Virtual("bcache0", "252:0", Disk);
        Virtual("md126", "9:126", Disk);
        _machine.Write("sys/devices/virtual/block/md126/md/level", "raid1");
        _machine.Write("sys/devices/virtual/block/md126/md/metadata_version", "external:/md127/0");
        Mapped("dm-9", "mpath-3600", "mpatha", "253:9", Disk);
        Mount(number, "/", type, source);
        UserError error = await Assert.ThrowsAsync<UserError>(ReadAsync);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AUsrOfItsOwnIsRefused()
    {
        File.AppendAllText(_machine.File("proc/self/mountinfo"), "30 1 8:2 / /usr rw shared:2 - ext4 /dev/sda2 rw\n");
        Assert.Contains("/usr", (await Assert.ThrowsAsync<UserError>(ReadAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABtrfsOfSeveralDisksIsRefused()
    {
        Mount("0:25", "/", "btrfs", "/dev/sda1");
        _machine.Write("sys/fs/btrfs/uuid/devices/sda1/x", "");
        _machine.Write("sys/fs/btrfs/uuid/devices/sda2/x", "");
        Assert.Contains("2 devices", (await Assert.ThrowsAsync<UserError>(ReadAsync)).Message, StringComparison.Ordinal);
    }

    private Task<HostNeeds> ReadAsync() => HostReading.ReadAsync(_machine.Path, cancellation: TestContext.Current.CancellationToken);

    private void Mount(string number, string place, string type, string source, string inside = "/") =>
        _machine.Write(
            "proc/self/mountinfo",
            string.Create(CultureInfo.InvariantCulture, $"1 0 {number} {inside} {place} rw,relatime shared:1 - {type} {source} rw\n")
        );

    private void EncryptedRoot(string crypttab)
    {
        Mapped("dm-0", "CRYPT-LUKS2-00112233445566778899aabbccddeeff-root", "root", "253:0", Disk + "/sda2");
        Mount("253:0", "/", "ext4", "/dev/mapper/root");
        _machine.Write("usr/sbin/cryptsetup", "");
        _machine.Write("etc/crypttab", crypttab);
    }

    private void Mapped(string name, string uuid, string mapped, string number, string lower)
    {
        Virtual(name, number, lower);
        _machine.Write($"sys/devices/virtual/block/{name}/dm/uuid", uuid);
        _machine.Write($"sys/devices/virtual/block/{name}/dm/name", mapped);
    }

    private void Virtual(string name, string number, string lower)
    {
        string place = $"/sys/devices/virtual/block/{name}";
        _machine.Write($"{place[1..]}/dev", number);
        Link($"{place}/slaves/{Path.GetFileName(lower)}", lower);
        Link($"/sys/class/block/{name}", place);
        Link($"/sys/dev/block/{number}", place);
    }

    private void Modalias(string bus, string device, string modalias) =>
        _machine.Write($"sys/bus/{bus}/devices/{device}/modalias", modalias);

    /// <summary>A link as sysfs has it: the target is seen from /, wherever the copy stands.</summary>
    private void Link(string path, string target)
    {
        string link = _machine.File(path[1..]);
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        File.CreateSymbolicLink(link, target);
    }

    /// <summary>The first bytes of an ext4 file system with the UUID 00112233-4455-6677-8899-aabbccddeeff.</summary>
    private static byte[] Ext4()
    {
        byte[] first = new byte[4096];
        const int superblock = 1024;
        first[superblock + 56] = 0x53;
        first[superblock + 57] = 0xEF;
        for (int i = 0; i < 16; i++)
        {
            first[superblock + 104 + i] = (byte)(0x11 * i);
        }
        return first;
    }
}
