using Rootcast.Images.Sources.Apt;

namespace Rootcast.Vm.Tests;

internal static partial class Recipes
{
    /// <summary>A tree that reports through the lab's port by itself, since under others' initramfs nobody places a unit for it.</summary>
    public const string ForPeers = """
        name: vm-for-peers
        source:
          debian:
            suite: bookworm
            packages: [systemd-sysv, udev, kmod, linux-image-cloud-amd64]
        kernels:
          - debian: cloud
            suite: bookworm
        forms: [squashfs]
        hostname: vm
        root:
          password-hash: '!'
        files:
          - path: /usr/local/sbin/report
            mode: 0755
            content: |
              #!/bin/sh
              modprobe virtio_console
              for port in /sys/class/virtio-ports/*; do
                [ "$(cat $port/name)" = rootcast.events ] && exec 3> /dev/${port##*/}
              done
              touch /written && echo "check peer ok" >&3
              echo "root $(grep ' / ' /proc/mounts | tail -n 1)" >&3
              read -r up idle < /proc/uptime
              echo "mark ready ${up%.*}${up#*.}0000000" >&3
              echo done >&3
          - path: /etc/systemd/system/report.service
            content: |
              [Unit]
              After=multi-user.target
              [Service]
              Type=oneshot
              ExecStart=/usr/local/sbin/report
              [Install]
              WantedBy=default.target
        scripts:
          - systemctl enable report.service

        """;

    /// <summary>live-boot's initramfs, made in a tree of its own: <c>/boot/peer.img</c>.</summary>
    public const string LiveBoot = """
        name: vm-live-boot
        source:
          debian:
            suite: bookworm
            packages: [linux-image-cloud-amd64, live-boot, live-boot-initramfs-tools, initramfs-tools, zstd]
        kernels:
          - debian: cloud
            suite: bookworm
        forms: [tmpfs]
        scripts:
          - cp /boot/initrd.img-* /boot/peer.img

        """;

    /// <summary>dracut's, of Debian 12 (059) or of its backports (106).</summary>
    public static string Dracut(bool backported)
    {
        string from = backported ? "/bookworm-backports" : "";
        string archive = backported ? $"    extra-sources: [\"{Backports()}\"]" : "";
        return $"""
            name: vm-dracut{(backported ? "-106" : "-059")}
            source:
              debian:
                suite: bookworm
                packages:
                  - linux-image-cloud-amd64
                  - systemd-sysv
                  - dmsetup
                  - procps
                  - isc-dhcp-client
                  - iputils-arping
                  - curl
                  - zstd
                  - iproute2
                  - dracut-core{from}
                  - dracut-network{from}
                  - dracut-live{from}
            {archive}
            kernels:
              - debian: cloud
                suite: bookworm
            forms: [tmpfs]
            scripts:
              - |
                # Debian 12's dracut-network asks for a module that its own tools cannot install.
                rm -f /etc/dracut.conf.d/11-ifcfg.conf
                dracut --no-hostonly --no-hostonly-cmdline --zstd --add 'dmsquash-live livenet {(
                backported ? "" : "network-legacy "
            )}network' --force /boot/peer.img "$(ls /lib/modules)"

            """;
    }

    /// <summary>Debian 12's backports on the mirror that this host uses.</summary>
    private static string Backports()
    {
        AptEntry? own = AptEntries
            .OfHost()
            .FirstOrDefault(archive => archive.Suites.Contains("bookworm") && archive.Components.Contains("main"));
        Assert.SkipUnless(own is not null, "none of this host's archives has bookworm, whose backports have dracut 106");
        return (own! with { Uris = [own.Uris[0]], Suites = ["bookworm-backports"], Components = ["main"] }).ToLines().First();
    }
}
