using Rootcast.Contract;
using Rootcast.Images.Store;
using Rootcast.Images.Tools;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Machines;
using Rootcast.Lab.Running;

namespace Rootcast.Vm.Tests;

/// <summary>A Debian whose root lies on RAID, LUKS and LVM boots with the initramfs that <c>rootcast initramfs build --host</c> made on it.</summary>
[Trait("tier", "full")]
public sealed class RootStackTests(GuestLab lab)
{
    private const long DiskBytes = 2L << 30;
    private const long ResultBytes = 128L << 20;

    /// <summary>Puts vdc and vdd together as <c>vm.stack=NAME</c> says, copies the system onto them, and has rootcast make an initramfs there, which goes into an
    /// archive on vdb.</summary>
    private const string MakeRoot = """
        stack=$(sed -n 's/.*vm\.stack=\([a-z]*\).*/\1/p' /proc/cmdline)
        cp /run/carried/rootcast /usr/bin
        # This system's own root is an overlay in memory: it is refused, and what is there stays.
        echo before > /run/kept
        ! rootcast initramfs build --host --output /run/kept
        [ "$(cat /run/kept)" = before ]
        raid() { mdadm --create /dev/md0 --run --assume-clean --level=1 --raid-devices=2 --metadata=1.2 --bitmap=none /dev/vdc /dev/vdd; }
        encrypted() {
          printf 'secret' > /run/passphrase
          cryptsetup luksFormat -q --type luks2 --pbkdf pbkdf2 --pbkdf-force-iterations 1000 "$1" /run/passphrase
          cryptsetup open --key-file /run/passphrase "$1" root_crypt
          crypttab="root_crypt UUID=$(cryptsetup luksUUID "$1")"
        }
        group() { pvcreate -q "$@" && vgcreate -q my-vg "$@"; }
        options=
        case $stack in
          whole)
            raid
            encrypted /dev/md0
            crypttab="$crypttab /etc/keys/root luks,discard"
            group /dev/mapper/root_crypt
            lvcreate -q -y -l 100%FREE -n root my-vg
            root=/dev/my-vg/root
            options=--luks-keys
            ;;
          prompt)
            encrypted /dev/vdc
            crypttab="$crypttab none luks"
            root=/dev/mapper/root_crypt
            ;;
          thin)
            group /dev/vdc /dev/vdd
            lvcreate -q -y --type thin-pool -l 90%FREE -n pool my-vg
            lvcreate -q -y --thin -V 3G -n root my-vg/pool
            root=/dev/my-vg/root
            ;;
          degraded)
            raid
            root=/dev/md0
            ;;
        esac
        mkfs.ext4 -q $root
        mkdir /run/target
        mount $root /run/target
        mountpoint /run/target
        cd /run/target
        tar -C / --one-file-system --exclude=./usr/share/doc --exclude=./usr/share/locale --exclude=./boot/initrd* --exclude=./var/lib/apt -cf - . | tar -xpf -
        if [ $stack = whole ]; then
          mkdir -m 700 etc/keys
          cp /run/passphrase etc/keys/root
          chmod 400 etc/keys/root
        fi
        [ -z "$crypttab" ] || echo "$crypttab" > etc/crypttab
        echo "UUID=$(blkid -s UUID -o value $root) / ext4 defaults 0 1" > etc/fstab
        for place in proc sys dev; do mount --bind /$place $place; done
        chroot . rootcast initramfs build --host $options --output /boot/initrd.img
        chroot . rootcast initramfs check /boot/initrd.img
        [ $stack != whole ] || [ "$(stat -c %a boot/initrd.img)" = 600 ]
        tar -C boot -cf /dev/vdb initrd.img
        cd /
        umount -R /run/target
        vgchange -an
        [ ! -e /dev/mapper/root_crypt ] || cryptsetup close root_crypt
        [ ! -e /dev/md0 ] || mdadm --stop /dev/md0
        sync

        """;

    /// <summary>The key comes out of the initramfs.</summary>
    [Fact]
    public Task LvmOnLuksOnRaid() => Boots("whole", 2, "root=/dev/my-vg/root ro", "crypt disk lvm raid1");

    [Fact]
    public Task LuksAsksForThePassphraseOnTheConsole() => Boots("prompt", 1, "", "crypt disk", ("Enter passphrase for /dev/vda", "secret"));

    [Fact]
    public Task AThinVolume() => Boots("thin", 2, "ro", "disk lvm");

    /// <summary>One of two disks is gone: it waits for it, and starts without.</summary>
    [Fact]
    public Task ARaidThatLacksADisk() => Boots("degraded", 1, "ro rootcast.timeout=5", "disk raid1");

    private async Task Boots(string stack, int disks, string arguments, string layers, (string, string)? answer = null)
    {
        string? program = Environment.GetEnvironmentVariable("ROOTCAST");
        Assert.SkipUnless(program is { Length: > 0 }, "rootcast is not published: ./test vm does that and names it in $ROOTCAST");
        using LabDirectory directory = new();
        string carried = directory.File("program.tar");
        await File.WriteAllTextAsync(directory.File("make-root"), MakeRoot, Cancellation);
        File.Copy(program!, directory.File("rootcast"));
        await new Tool("tar", "-C", directory.Path, "-cf", carried, "rootcast", "make-root").RunAsync(Cancellation);
        MachineDisk result = Empty(directory.File("result"), ResultBytes);
        MachineDisk[] parts = [Empty(directory.File("part1"), DiskBytes), Empty(directory.File("part2"), DiskBytes)];
        BootReport report = await lab.BootAsync(
            new Scenario
            {
                Recipe = Recipes.Stack,
                Arguments = $"vm.stack={stack}",
                Disks = [new MachineDisk(carried), result, .. parts],
                Deadline = 3 * GuestLab.Deadline,
            }
        );
        Expect.Ready(report);
        Expect.Check(report, "made");

        await new Tool("tar", "-C", directory.Path, "-xf", result.Path).RunAsync(Cancellation);
        StoredImage image = await lab.ImageAsync(Recipes.Stack);
        Machine machine = new()
        {
            Kernel = lab.Store.PathOf(image.Manifest.Kernels[0].Blob),
            Initrd = directory.File("initrd.img"),
            CommandLine = $"{arguments} vm.layers panic=-1",
            Disks = parts[..disks],
        };
        report = await lab.BootAsync(machine, $"stack-{stack}", Marks.Ready, answer: answer);
        Expect.Ready(report);
        string said = report.Events.First(told => told.Kind == "check" && told.Text.StartsWith("layers ", StringComparison.Ordinal)).Text;
        Assert.Equal(layers, string.Join(' ', said.Split(' ').Skip(1).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)));
        Expect.Said(report, "write", "x");
        Expect.Said(report, "units", "");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static MachineDisk Empty(string path, long bytes)
    {
        using FileStream file = File.Create(path);
        file.SetLength(bytes);
        return new MachineDisk(path, IsWritable: true);
    }
}
