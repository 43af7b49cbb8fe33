namespace Rootcast.Vm.Tests;

internal static partial class Recipes
{
    /// <summary>
    /// A Debian with the programs for RAID, LUKS and LVM and its kernel's package. With <c>vm.stack=NAME</c> it puts vdc and vdd together in that way, copies
    /// itself onto them, and has the rootcast that is in the archive on vda make an initramfs there, which goes into an archive on vdb. With <c>vm.layers</c> it tells
    /// what its root lies on.
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
          - path: /usr/local/sbin/make-root
            mode: 0755
            content: |
              #!/bin/sh -ex
              stack=$(sed -n 's/.*vm\.stack=\([a-z]*\).*/\1/p' /proc/cmdline)
              tar -xf /dev/vda -C /usr/bin
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
              cp -ax / /run/target
              cd /run/target
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
          - path: /usr/local/sbin/vm-stack
            mode: 0755
            content: |
              #!/bin/sh
              for port in /sys/class/virtio-ports/*; do
                [ "$(cat $port/name)" = rootcast.events ] && exec 3> /dev/${port##*/}
              done
              say() { echo "check $1 $2" | tail -c 3000 | tr '\n' ';' >&3; echo >&3; }
              if grep -q vm.layers /proc/cmdline; then
                say layers "$(lsblk -sno TYPE "$(findmnt -no SOURCE /)" | tr '\n' ' ')"
                say write "$(echo x 2>&1 > /written && cat /written)"
                say units "$(systemctl --failed --no-legend --plain 2>&1)"
              else
                make-root > /run/make-root.log 2>&1 && say made ok || say made "$(tail -c 2500 /run/make-root.log)"
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
