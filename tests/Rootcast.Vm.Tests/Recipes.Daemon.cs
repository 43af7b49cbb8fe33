using Rootcast.Contract;

namespace Rootcast.Vm.Tests;

internal static partial class Recipes
{
    /// <summary>
    /// A small system with systemd whose root a daemon of Debian's serves. It boots to <c>vm.target</c> (<see cref="DaemonArguments"/>), does what
    /// <c>vm.do=</c> says, reports <c>check NAME ok</c> through the lab's port, and ends with all caches dropped.
    /// </summary>
    public static string RootDaemon { get; } =
        $$$"""
            name: vm-root-daemon
            source:
              debian:
                suite: bookworm
                packages: [systemd-sysv, dbus, squashfuse, zfs-fuse]
            kernels:
              - debian: cloud
            forms: [squashfs: {compressor: lz4}]
            initramfs:
              sets: [virtual]
            hostname: vm
            root:
              password-hash: '!'
            root-daemons:
              - name: squashfuse
                program: /usr/bin/squashfuse
                arguments: [-f, -o, "allow_other,dev,suid", "{device}", "{root}"]
                modules: [fuse]
              - name: absent-file
                program: /usr/bin/squashfuse
                arguments: [-f, /nowhere, "{root}"]
                modules: [fuse]
              - name: idle
                program: /usr/bin/sleep
                arguments: [infinity]
            files:
              - path: /etc/systemd/system/vm.target
                content: |
                  [Unit]
                  Requires=basic.target
                  Wants=vm-daemon.service
                  After=basic.target
                  AllowIsolate=yes
              - path: /etc/systemd/system/vm-mounts.service
                content: |
                  [Unit]
                  DefaultDependencies=no
                  Before=vm-daemon.service
                  [Service]
                  Type=oneshot
                  RemainAfterExit=yes
                  ExecStart=/sbin/zfs mount -a
              - path: /etc/systemd/system/vm-daemon.service
                content: |
                  [Unit]
                  After=basic.target dbus.socket
                  Wants=dbus.socket
                  [Service]
                  Type=oneshot
                  ExecStart=/usr/local/sbin/vm-daemon
            {{{LocalPackage.TrimEnd()}}}
              - path: /usr/local/sbin/vm-daemon
                mode: 0755
                content: |
                  #!/bin/sh
                  # A check says nothing when all is well.
                  for port in /sys/class/virtio-ports/*; do
                    [ "$(cat $port/name)" = rootcast.events ] && exec 3> /dev/${port##*/}
                  done
                  say() { if [ -z "$2" ]; then echo "check $1 ok" >&3; else echo "check $1 $2" | head -c 3000 | tr '\n' ';' >&3; echo >&3; fi; }
                  # Not pidof: it does not know a process whose name begins with @.
                  number() { for place in /proc/[0-9]*; do [ "$(cat $place/comm 2>/dev/null)" != $1 ] || echo ${place#/proc/}; done; }
                  option() { sed -n "s/.*vm\.$1=\([a-z0-9,-]*\).*/\1/p" /proc/cmdline; }

                  spared() {
                    name=$(option daemon)
                    process=$(number $name)
                    [ "$(cat /proc/$process/oom_score_adj)" = -1000 ] || echo "oom_score_adj is $(cat /proc/$process/oom_score_adj)"
                    [ "$(head -c 1 /proc/$process/cmdline)" = @ ] || echo "its name begins without @"
                    grep -qx $process /run/sendsigs.omit.d/rootcast-$name || echo "sysvinit does not know it"
                    [ -e /run/initramfs/daemons/$name/log ] || echo "it has no log"
                  }

                  written() {
                    head -c 4194304 /dev/urandom > /var/new
                    echo changed >> /etc/issue
                    mv /etc/issue.net /etc/renamed
                    sum=$(sha256sum /var/new /etc/issue /etc/renamed)
                    sync
                    echo 3 > /proc/sys/vm/drop_caches
                    echo "$sum" | sha256sum --quiet -c - 2>&1
                    [ ! -e /etc/issue.net ] || echo "/etc/issue.net is still there"
                  }

                  devices() {
                    mknod /null c 1 3
                    echo x > /null || echo "a device does not work"
                    cp /usr/bin/id /suid
                    chmod 4755 /suid
                    [ "$(setpriv --reuid=65534 --clear-groups /suid -u)" = 0 ] || echo "setuid does not work"
                  }

                  packages() {
                    apt="apt-get -qq -y -o Dir::Etc::SourceList=/usr/share/vm/apt.list -o Dir::Etc::SourceParts=/dev/null"
                    $apt update > /run/vm-apt 2>&1 && $apt install vm-local >> /run/vm-apt 2>&1 || cat /run/vm-apt
                    [ "$(vm-local 2>&1)" = configured ] || echo "vm-local says: $(vm-local 2>&1)"
                  }

                  # journald writes its files through a mapping that is shared.
                  mapped() {
                    mkdir -p /var/log/journal
                    journalctl --flush || echo "journald cannot write there"
                    ls /var/log/journal/*/system.journal > /dev/null || echo "no journal"
                    journalctl --sync
                    journalctl -D /var/log/journal --verify 2>&1 | grep -v ^PASS
                  }

                  # What is mounted after the boot is seen, and goes again.
                  mounts() {
                    findmnt -n /home > /dev/null || echo "/home is not mounted"
                    zfs create rpool/root/later 2>&1
                    findmnt -n /later > /dev/null || echo "/later is not mounted"
                    echo x > /later/file
                    zfs umount rpool/root/later 2>&1
                    ! findmnt -n /later > /dev/null || echo "/later is still mounted"
                    [ ! -e /later/file ] || echo "/later/file is on the root"
                    zfs mount -a 2>&1
                    [ -e /later/file ] || echo "zfs mount -a did not mount /later"
                  }

                  # As many small files as vm.files= says are unpacked, and read when nothing of them is cached.
                  tree() {
                    files=$(option files)
                    mount -t tmpfs -o size=90% tree /mnt
                    for file in $(seq ${files:-1000}); do
                      [ $((file % 25)) -ne 1 ] || mkdir /mnt/$((file / 25))
                      echo $file > /mnt/$(((file - 1) / 25))/$file
                    done
                    tar -cf /run/tree.tar -C /mnt .
                    umount /mnt
                    mkdir /var/tree
                    tar -xf /run/tree.tar -C /var/tree
                    sync
                    echo 3 > /proc/sys/vm/drop_caches
                    tar -df /run/tree.tar -C /var/tree 2>&1 | head -3
                    [ "$(ls /var/tree/* | grep -c '^[0-9][0-9]*$')" = ${files:-1000} ] || echo "not ${files:-1000} files"
                    rm /run/tree.tar
                  }

                  # A file system that is not below the root, which the next boot's zfs mount -a is to mount.
                  other() { zfs create -o mountpoint=/srv/other rpool/other 2>&1; echo x > /srv/other/file; }
                  atboot() { findmnt -n /srv/other > /dev/null || echo "zfs mount -a did not mount /srv/other"; [ "$(cat /srv/other/file)" = x ] || echo "it is empty"; systemctl is-active vm-mounts.service > /dev/null || systemctl status vm-mounts.service; }
                  capable() { getcap /usr/local/bin/capable | grep -q cap_net_raw || getfattr -d -m - /usr/local/bin/capable 2>&1; }
                  # Where the pool's disks were, for the initramfs of the next boot.
                  cached() { zpool set cachefile=/run/pools rpool 2>&1; gzip -9 < /run/pools | base64 -w 0 | sed 's/^/pools /' >&3; echo >&3; }

                  # zfs mount -a at boot has laid no other file system over the root.
                  alone() { [ "$(findmnt -n -o SOURCE /)" = rpool/root-before ] || findmnt -n /; }
                  kept() { [ "$(cat /var/last 2>&1)" = "written before the end" ] || cat /var/last 2>&1; }
                  healthy() { zpool status -x 2>&1 | grep -v 'healthy$'; }
                  # The kernel asks for the key of an encrypted copy at the next boot.
                  encrypted() {
                    zpool upgrade rpool > /dev/null 2>&1
                    echo 'a passphrase' > /run/key
                    zfs snapshot rpool/root@plain
                    zfs send rpool/root@plain | zfs recv -u -o encryption=on -o keyformat=passphrase -o keylocation=file:///run/key -o canmount=noauto -o mountpoint=/ rpool/secret 2>&1
                    zfs set keylocation=file:///etc/pool.key rpool/secret 2>&1
                    zpool set bootfs=rpool/secret rpool 2>&1
                  }
                  upgraded() { zpool upgrade rpool > /dev/null 2>&1; zfs create -o compression=lz4 rpool/new 2>&1; zpool get -H -o value feature@lz4_compress rpool | grep -q active || zpool get all rpool; }
                  secret() { [ "$(findmnt -n -o SOURCE /)" = rpool/secret ] || findmnt -n /; [ "$(zfs get -H -o value encryption rpool/secret)" != off ] || echo "it is not encrypted"; }
                  unwritable() { findmnt -n -o OPTIONS / | grep -q '^ro,' || findmnt -n /; ! touch /x 2> /dev/null || echo "it can be written to"; }
                  scrubbed() {
                    zpool scrub rpool 2>&1
                    while zpool status rpool | grep -qE 'scrub in progress'; do [ $(cut -d. -f1 /proc/uptime) -lt 1000 ] || break; done
                    zpool status rpool | grep -qE 'repaired [1-9]|scrub completed' || zpool status rpool
                    zpool status rpool | grep -qi 'errors: No known data errors' || zpool status rpool
                  }
                  full() { dd if=/dev/urandom of=/var/full bs=1M status=none 2> /dev/null; sync; [ $(df --output=avail / | tail -1) -lt 10000 ] || df /; }
                  arc() { [ $(cat /sys/module/zfs/parameters/zfs_arc_max) -gt 0 ] || echo "the cache has no bound"; }
                  degraded() { zpool status 2>&1 | grep -q 'state: DEGRADED' || zpool status 2>&1; }
                  bus() { busctl call org.freedesktop.DBus / org.freedesktop.DBus GetId > /dev/null 2>&1 || busctl status 2>&1; }

                  for check in $(option do | tr , ' '); do
                    say $check "$($check)"
                  done
                  say units "$(systemctl --failed --no-legend --plain 2>&1)"
                  if grep -q vm.kill /proc/cmdline; then
                    echo boom >> /run/initramfs/daemons/$(option daemon)/log
                    kill -9 $(number $(option daemon))
                    exit
                  fi
                  if grep -q vm.snapshot /proc/cmdline; then
                    echo before > /etc/when
                    zfs snapshot rpool/root@before
                    echo after > /etc/when
                  fi
                  echo "when $(cat /etc/when 2>/dev/null)" >&3
                  if grep -q vm.pressure /proc/cmdline; then
                    mount -t tmpfs -o size=100% pressure /mnt
                    while [ $(awk '/^MemAvailable/{print $2}' /proc/meminfo) -gt 50000 ]; do
                      head -c 8388608 /dev/zero >> /mnt/full || break
                    done
                  fi
                  if grep -q vm.readonly /proc/cmdline; then
                    # Not by logind, which does not start there: dbus waits for it twice, 25 s each.
                    systemctl --no-block start $(option end).target
                    exit
                  fi
                  echo "written before the end" > /var/last
                  if grep -q vm.crash /proc/cmdline; then
                    # By who wrote it: FUSE does not pass on what is asked for all files, and zfs-fuse knows of an open file only what was written since it was opened.
                    echo "written before the end" | dd of=/var/last conv=fsync status=none
                    sync
                    echo b > /proc/sysrq-trigger
                  fi
                  echo 3 > /proc/sys/vm/drop_caches
                  if [ "$(option end)" = kexec ]; then
                    say loaded "$(kexec -l /boot/vmlinuz-* --append='console=ttyS0 panic=-1' 2>&1)"
                  fi
                  echo "<5>vm-cell: the end begins" > /dev/kmsg
                  read -r up idle < /proc/uptime
                  echo "mark vm-end ${up%.*}${up#*.}0000000" >&3
                  systemctl --no-block $(option end)
            scripts:
            {{{LocalPackageScript}}}
            """;

    /// <summary>The same tree with a kernel of its own, which kexec starts at its end.</summary>
    public static string RootDaemonKexec { get; } =
        RootDaemon
            .Replace("name: vm-root-daemon", "name: vm-root-daemon-kexec", StringComparison.Ordinal)
            .Replace("squashfuse, zfs-fuse]", "squashfuse, kexec-tools, linux-image-cloud-amd64]", StringComparison.Ordinal);

    /// <summary>One of these trees with sysvinit, which starts the checks as its rc.local.</summary>
    public static string WithSysvinit(string recipe) =>
        recipe
            .Replace("name: vm-", "name: vm-sysvinit-", StringComparison.Ordinal)
            .Replace("systemd-sysv, dbus,", "sysvinit-core, initscripts,", StringComparison.Ordinal)
            .Replace("/usr/local/sbin/vm-daemon\n    mode", "/etc/rc.local\n    mode", StringComparison.Ordinal)
            .Replace("systemctl --no-block $(option end)", "$(option end)", StringComparison.Ordinal)
            .Replace("say units \"$(systemctl --failed --no-legend --plain 2>&1)\"", "say units", StringComparison.Ordinal);

    /// <summary>The same tree in a pool.</summary>
    /// <param name="form">Whose pool: its programs are in the tree.</param>
    /// <param name="layout">How its disks are put together.</param>
    public static string Pool(Form form, string layout)
    {
        int disks = layout switch
        {
            "single" => 1,
            "mirror" => 2,
            "raidz1" => 3,
            "raidz3" => 5,
            _ => 4,
        };
        string recipe = RootDaemon
            .Replace("name: vm-root-daemon", $"name: vm-{Names.Of(form)}-{layout}", StringComparison.Ordinal)
            .Replace("Wants=vm-daemon.service", "Wants=vm-daemon.service vm-mounts.service", StringComparison.Ordinal)
            .Replace(
                "forms: [squashfs: {compressor: lz4}]",
                $"forms: [{Names.Of(form)}: {{layout: {layout}, disks: {disks}, size: {(disks == 1 ? "1500M" : "600M")}, datasets: [/home]}}]",
                StringComparison.Ordinal
            );
        return form == Form.ZfsFuse
            ? recipe
            : recipe
                .Replace("zfs-fuse]", "zfsutils-linux, libcap2-bin]", StringComparison.Ordinal)
                .Replace("    suite: bookworm", "    suite: bookworm\n    components: [main, contrib]", StringComparison.Ordinal)
                .Replace("  - debian: cloud", "  - {debian: cloud, dkms: [zfs-dkms]}", StringComparison.Ordinal)
                .Replace(
                    LocalPackageScript,
                    LocalPackageScript + "\n  - cp /usr/bin/id /usr/local/bin/capable && setcap cap_net_raw+ep /usr/local/bin/capable",
                    StringComparison.Ordinal
                );
    }

    /// <summary>The package that <see cref="CellFiles"/> has for being installed in the guest.</summary>
    private static string LocalPackage =>
        CellFiles[
            CellFiles.IndexOf("  - path: /usr/share/vm/local/DEBIAN/control", StringComparison.Ordinal)..CellFiles.IndexOf(
                "  - path: /usr/local/sbin/vm-cell",
                StringComparison.Ordinal
            )
        ];

    private static string LocalPackageScript => CellScript.Replace("systemctl enable vm-cell.service", ":", StringComparison.Ordinal);

    /// <summary>What <see cref="RootDaemon"/> boots with.</summary>
    /// <param name="daemon">The daemon's name.</param>
    /// <param name="end"><c>reboot</c>, <c>poweroff</c>.</param>
    /// <param name="checks">What is checked.</param>
    public static string DaemonArguments(string daemon, string end, params string[] checks) =>
        $"systemd.unit=vm.target vm.daemon={daemon} vm.end={end} vm.do={string.Join(',', checks)}";
}
