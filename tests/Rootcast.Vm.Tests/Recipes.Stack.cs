namespace Rootcast.Vm.Tests;

internal static partial class Recipes
{
    /// <summary>
    /// A Debian with the programs for RAID, LUKS and LVM and its kernel's package. It runs <see cref="RootStackTests"/>' script out of the archive on vda; with
    /// <c>vm.layers</c> it tells what its root lies on.
    /// </summary>
    public const string Stack = """
        name: vm-stack
        source:
          debian:
            suite: bookworm
            packages: [systemd-sysv, dbus, udev, kmod, mdadm, cryptsetup-bin, lvm2, thin-provisioning-tools, e2fsprogs, linux-image-cloud-amd64]
        kernels:
          - debian: cloud
            suite: bookworm
        forms: [squashfs]
        hostname: vm
        root:
          password-hash: '!'
        files:
          - path: /usr/local/sbin/vm-stack
            mode: 0755
            content: |
              #!/bin/sh
              for port in /sys/class/virtio-ports/*; do
                [ "$(cat $port/name)" = rootcast.events ] && exec 3> /dev/${port##*/}
              done
              say() { text=$(echo "$2" | tail -c 2500 | tr -s '\n' ' '); echo "check $1 ${text% }" >&3; }
              if grep -q vm.layers /proc/cmdline; then
                say layers "$(lsblk -sno TYPE "$(findmnt -no SOURCE /)" | tr '\n' ' ')"
                say write "$(echo x 2>&1 > /written && cat /written)"
                say units "$(systemctl --failed --no-legend --plain 2>&1)"
              else
                udevadm wait --timeout=60 /dev/vda /dev/vdb /dev/vdc /dev/vdd
                mkdir /run/carried
                tar -xf /dev/vda -C /run/carried
                sh -ex /run/carried/make-root > /run/make-root.log 2>&1 3>&- && say made ok || say made "$(tail -c 2500 /run/make-root.log)"
              fi
          - path: /etc/systemd/system/vm-stack.service
            content: |
              [Unit]
              Before=multi-user.target
              After=basic.target
              [Service]
              Type=oneshot
              ExecStart=/usr/local/sbin/vm-stack
              [Install]
              WantedBy=multi-user.target
        scripts:
          - systemctl enable vm-stack.service

        """;
}
