namespace Rootcast.Vm.Tests;

/// <summary>The images of the tests.</summary>
internal static partial class Recipes
{
    /// <summary>
    /// The main job's Debian, and in it: a directory with everything that a tree can hold and a digest of it taken where it was made; and a unit that
    /// runs before the tree's default target and reports <c>check NAME ok</c> through the lab's port when the command line asks for it by
    /// <c>vm.check</c>.
    /// </summary>
    public const string Debian = $$$"""
        name: vm-debian
        source:
          debian:
            suite: bookworm
            packages: [systemd-sysv, dbus, udev, iproute2, openssh-server, libcap2-bin]
        kernels:
          - debian: cloud
        forms: [tmpfs, ramdisk, livefs, squashfs, erofs, zram, disk, initramfs]
        initramfs:
          busybox: true
          sets: [virtual, storage, usb, network]
        hostname: vm
        root:
          password-hash: '!'
        files:
          - path: /usr/local/sbin/odd-digest
            mode: 0755
            content: |
              #!/bin/sh
              # What stat, getcap and the contents say of everything below /odd.
              export LC_ALL=C
              cd /odd
              find . ! -type d -print0 | sort -z | xargs -0 stat -c '%N %F %a %u:%g %h %s %t:%T %Y'
              # A directory has another size and number of links in every file system.
              find . -type d -print0 | sort -z | xargs -0 stat -c '%N %F %a %u:%g %Y'
              find . -type f -print0 | sort -z | xargs -0 sha256sum
              find . -type f -print0 | sort -z | xargs -0 getcap
              for name in hard1 hard2; do [ $name -ef hard1 ] && echo "$name is hard1"; done
          - path: /usr/local/sbin/vm-check
            mode: 0755
            content: |
              #!/bin/sh
              # Each check prints nothing when all is well.
              # By the kernel's own name: udev's link comes when udev gets to it.
              for port in /sys/class/virtio-ports/*; do
                [ "$(cat $port/name)" = rootcast.events ] && exec 3> /dev/${port##*/}
              done
              say() { if [ -z "$2" ]; then echo "check $1 ok" >&3; else echo "check $1 $2" | head -c 3000 | tr '\n' ';' >&3; echo >&3; fi; }
              type=$(findmnt -no FSTYPE /)
              say odd "$(odd-digest 2>&1 | diff /usr/share/odd.digest - 2>&1)"
              say write "$(echo x 2>&1 > /written && grep -q x /written 2>&1 || echo failed)"
              say units "$(systemctl --failed --no-legend --plain 2>&1)"
              say initramfs "$(ls /rootcast /etc/cmdline.d /sysroot 2>/dev/null)"
              if [ "$type" = tmpfs ]; then
                say remount "$(mount -o remount,size=90% / 2>&1 && [ $(($(findmnt -bno SIZE /) * 10)) -ge $(($(awk '/MemTotal/{print $2}' /proc/meminfo) * 1024 * 8)) ] || echo "not grown: $(findmnt -no SIZE /)")"
              fi
          - path: /etc/systemd/system/vm-check.service
            content: |
              [Unit]
              ConditionKernelCommandLine=vm.check
              Before=multi-user.target
              After=basic.target
              [Service]
              Type=oneshot
              ExecStart=/usr/local/sbin/vm-check
              [Install]
              WantedBy=multi-user.target
        {{{CellFiles}}}
        scripts:
        {{{CellScript}}}
          - |
            systemctl enable vm-check.service
            mkdir -p /odd/empty /odd/sticky
            cd /odd
            chmod 1777 sticky
            printf 'hard' > hard1; ln hard1 hard2
            printf 'setuid' > setuid; chmod 6755 setuid
            cp /bin/true capable; setcap cap_net_raw+ep capable
            truncate -s 20M sparse; printf 'end' >> sparse
            ln -s /nowhere/at/all dangling; ln -s hard1 link
            mknod null c 1 3; mknod block b 7 200; mkfifo fifo
            chown 1234:5678 hard1; chown 4000000000:4000000000 setuid; chmod 6755 setuid
            printf 'x' > "$(printf 'odd \001\n\377 name')"
            printf 'y' > 'ünïcode'
            printf 'z' > "$(printf '%0200d' 7)"
            # Not after the archive's own time, to which later ones are cut down.
            find . -depth -exec touch -h -d @1700000000.123456789 {} +
            touch -d @86399 hard1
            odd-digest > /usr/share/odd.digest

        """;
}
