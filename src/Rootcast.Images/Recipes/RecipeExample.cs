namespace Rootcast.Images.Recipes;

/// <summary>The commented recipe that <c>rootcast init</c> writes.</summary>
public static class RecipeExample
{
    /// <summary>A recipe that can be cast as it is.</summary>
    public const string Text = """
        # A Rootcast recipe. docs/recipe.md describes every key.
        # Cast it with:  rootcast build recipe.yaml

        # Name of the image in the store.
        name: example

        # Where the tree comes from: one of debian, directory, tar, media.
        source:
          debian:
            suite: bookworm
            # Beside the essential packages and apt. Something has to be the machine's init: systemd-sysv.
            packages: [systemd-sysv, dbus, udev, iproute2, openssh-server]
            # The archive; without it, the one that this host's apt uses.
            # mirror: http://mirror.example.org/debian
            # components: [main, contrib]
            # Further archives, and the keys that sign them.
            # extra-sources:
            #   - deb https://packages.example.org/debian stable main
            # keys: [example.asc]
          # directory: /srv/tree
          # tar: tree.tar.zst
          # media: live.iso       # what another tool has made: ISO, squashfs, disk, initrd
          # media: {file: disk.qcow2, partition: 1}

        # Kernels to boot it with; the first one is the default.
        kernels:
          - debian: cloud         # or generic, or the name of a package
          # - {debian: cloud, dkms: [zfs-dkms]}   # with modules that are built for it
          # - host                # the kernel that runs here
          # - files: {image: vmlinuz, modules: lib/modules/6.1.0}
          # - media               # the medium's own

        # How the root is held while the machine runs.
        forms:
          - tmpfs
          - ramdisk
          # - ramdisk: {size: 1G}
          - squashfs
          # - disk: {filesystem: ext4, size: 2G}
          # - livefs: {size: 3G, compressor: zstd, level: 15, block: 128K}
          # - zram: {filesystem: ext4, compressor: zstd, size: 1G}
          # - erofs: {compressor: lz4hc, cluster: 64K, mkfs: /opt/erofs/mkfs.erofs}
          # - zfs: {pool: rpool, layout: mirror, disks: 2, size: 4G, compression: gzip, root: ROOT/debian, properties: {copies: 2}, datasets: [/home]}
          # - zfs-fuse: {pool: rpool, size: 2G, compression: on, datasets: [/home]}
          # - squashfs: {compressor: xz, level: 15, block: 1M}

        # What the initramfs gets beside what the forms need.
        initramfs:
          busybox: true           # a shell for rootcast.rescue
          # sets: [virtual, storage, usb, network]
          # modules: [ixgbe]
          # firmware: true
          # microcode: true       # of this host's packages; or a list of files
          # compress: zstd        # none, gzip, xz, lz4
          # files:
          #   - /usr/sbin/ethtool
          #   - {from: tools/probe, path: /usr/bin/probe}

        # A process that serves the root instead of the kernel, for rootcast.daemon=NAME (docs/root-daemons.md).
        # root-daemons:
        #   - name: squashfuse
        #     program: /usr/bin/squashfuse
        #     arguments: [-f, -o, "allow_other,dev,suid", "{device}", "{root}"]
        #     modules: [fuse]
        #     ready: mount          # or socket:/run/name
        #     programs: [/usr/bin/umount]
        #     files: [/etc/fuse.conf]
        #     stop: [/usr/bin/true]

        hostname: example

        # How root gets in; 'openssl passwd -6' makes a hash.
        # root:
        #   password-hash: '$6$...'
        #   ssh-keys:
        #     - ssh-ed25519 AAAA... you@example.org

        # Files put into the tree.
        files:
          - path: /etc/motd
            content: |
              Cast by Rootcast.
          # - {path: /usr/local/bin/setup, from: setup.sh, mode: 0755, owner: 0, group: 0}

        # Scripts that run in the tree, at the end; by /bin/sh -e unless they say otherwise.
        # scripts:
        #   - systemctl enable ssh
        #   - file: finish.sh

        """;
}
