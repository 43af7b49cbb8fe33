namespace Rootcast.Vm.Tests;

internal static partial class Recipes
{
    /// <summary>The unit and the script of <see cref="MatrixTests"/>: they run in the system that is up when the command line has <c>vm.cell=reboot</c> or
    /// <c>vm.cell=poweroff</c>, report <c>check NAME ok</c> through the lab's port, and end the machine that way.</summary>
    private const string CellFiles = """
          - path: /etc/systemd/system/vm-cell.service
            content: |
              [Unit]
              ConditionKernelCommandLine=vm.cell
              After=multi-user.target rootcast-ready.service
              [Service]
              Type=oneshot
              ExecStart=/usr/local/sbin/vm-cell
              [Install]
              WantedBy=multi-user.target
          - path: /usr/share/vm/local/DEBIAN/control
            content: |
              Package: vm-local
              Version: 1.0
              Architecture: all
              Depends: libc6, systemd
              Maintainer: nobody <nobody@example.org>
              Description: a package to install in the guest
          - path: /usr/share/vm/local/DEBIAN/postinst
            mode: 0755
            content: |
              #!/bin/sh
              set -e
              systemctl daemon-reload
              echo configured > /var/lib/vm-local
          - path: /usr/share/vm/local/usr/bin/vm-local
            mode: 0755
            content: |
              #!/bin/sh
              cat /var/lib/vm-local
          - path: /usr/local/sbin/vm-cell
            mode: 0755
            content: |
              #!/bin/sh
              # What must hold in every cell of form and carrier. A check says nothing when all is well.
              for port in /sys/class/virtio-ports/*; do
                [ "$(cat $port/name)" = rootcast.events ] && exec 3> /dev/${port##*/}
              done
              say() { if [ -z "$2" ]; then echo "check $1 ok" >&3; else echo "check $1 $2" | head -c 3000 | tr '\n' ';' >&3; echo >&3; fi; }

              written() {
                # A new file, one of the tree's that is changed, one renamed, one deleted; read back past the page cache.
                dd if=/dev/urandom of=/var/new bs=1M count=4 status=none
                echo changed >> /etc/issue
                mv /etc/issue.net /etc/renamed
                rm /usr/share/odd.digest
                sum=$(sha256sum /var/new /etc/issue /etc/renamed)
                sync
                echo 3 > /proc/sys/vm/drop_caches
                echo "$sum" | sha256sum --quiet -c - 2>&1
                [ ! -e /etc/issue.net ] || echo "/etc/issue.net is still there"
                [ ! -e /usr/share/odd.digest ] || echo "/usr/share/odd.digest is still there"
              }

              packages() {
                apt="apt-get -qq -y -o Dir::Etc::SourceList=/usr/share/vm/apt.list -o Dir::Etc::SourceParts=/dev/null"
                $apt update > /run/vm-apt 2>&1 && $apt install vm-local >> /run/vm-apt 2>&1 || cat /run/vm-apt
                grep '^[WE]:' /run/vm-apt
                [ "$(vm-local 2>&1)" = configured ] || echo "vm-local says: $(vm-local 2>&1)"
                dpkg --audit
              }

              files() {
                for name in /init /rootcast /sysroot /etc/cmdline.d /etc/rootcast /oldroot; do [ ! -e $name ] || echo "$name is there"; done
              }

              mounts() {
                while read -r id parent device root place rest; do
                  case $place in
                    /|/proc|/proc/sys/fs/binfmt_misc|/sys|/sys/*|/dev|/dev/*|/run|/run/lock|/run/user/*|/run/credentials/*|/tmp) ;;
                    /run/rootcast/*) echo "kept ${place#/run/rootcast/}" >&3 ;;
                    *) echo "$place is mounted: $rest" ;;
                  esac
                  # An automount point and what it mounted are two mounts on one place.
                  case " $seen" in *" $place "*) case $rest in *binfmt_misc*) ;; *) echo "$place is mounted twice" ;; esac ;; esac
                  seen="$seen$place "
                done < /proc/self/mountinfo
              }

              processes() {
                for process in /proc/[0-9]*; do
                  program=$(readlink $process/exe) || continue
                  case $program in */init|*' (deleted)') echo "${process#/proc/}: $program" ;; esac
                done
              }

              descriptors() {
                exec 3>&-
                for place in /proc/[0-9]*/fd/*; do
                  case $place in /proc/$$/*|/proc/self/*) continue ;; esac
                  target=$(readlink $place) || continue
                  case $target in
                    /memfd:*|/dev/shm/*|/tmp/*|/run/*|/var/tmp/*|'/ (deleted)'?*) ;;
                    /dev/vport*|*' (deleted)') echo "$place: $target ($(tr '\0' ' ' < ${place%/fd/*}/cmdline))" ;;
                  esac
                done
              }

              # What nobody can see any more but still takes memory: all memory of tmpfs's less what the mounted ones show. The rootfs is one; in form initramfs it is
              # mounted.
              hidden() {
                shown=$(df -k --output=used,fstype -a | awk '$2 == "tmpfs" || $2 == "devtmpfs" || $2 == "rootfs" {sum += $1} END {print sum + 0}')
                echo $(($(awk '$1 == "Shmem:" {print $2}' /proc/meminfo) - shown))
              }

              end=$(sed -n 's/.*vm\.cell=\([a-z]*\).*/\1/p' /proc/cmdline)
              echo "hidden $(hidden)" >&3
              for name in $(ls -A /run/rootcast); do echo "kept $name" >&3; done
              say files "$(files)"
              say mounts "$(mounts)"
              say processes "$(processes)"
              say descriptors "$(descriptors)"
              if [ "$end" = reboot ]; then
                say written "$(written)"
                say packages "$(packages)"
              fi
              say units "$(systemctl --failed --no-legend --plain 2>&1)"
              sync
              echo "<5>vm-cell: the end begins" > /dev/kmsg
              read -r up idle < /proc/uptime
              echo "mark vm-end ${up%.*}${up#*.}0000000" >&3
              systemctl --no-block "$end"
        """;

    /// <summary>Makes the archive from which <see cref="CellFiles"/> installs.</summary>
    private const string CellScript = """
          - |
            systemctl enable vm-cell.service
            cd /usr/share/vm
            mkdir archive
            dpkg-deb --root-owner-group --build local archive/vm-local_1.0_all.deb
            rm -r local
            cd archive
            {
              dpkg-deb -f vm-local_1.0_all.deb
              echo "Filename: ./vm-local_1.0_all.deb"
              echo "Size: $(stat -c %s vm-local_1.0_all.deb)"
              echo "SHA256: $(sha256sum < vm-local_1.0_all.deb | cut -d' ' -f1)"
            } > Packages
            echo "deb [trusted=yes] file:/usr/share/vm/archive ./" > ../apt.list
        """;
}
