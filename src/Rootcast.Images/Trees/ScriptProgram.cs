namespace Rootcast.Images.Trees;

/// <summary>The shell program in which scripts run. It takes a tar of the tree from standard input and gives one to standard output; its only
/// argument is a directory with the scripts under <c>run/</c>. It is root, of the host or of a user namespace.</summary>
internal static class ScriptProgram
{
    internal const string Text = """
        set -eu
        cd "$1"
        umask 022
        if [ "${2-}" != inside ]; then
            mkdir root
            tar -C root -x -p -f - --same-owner --numeric-owner --xattrs --xattrs-include='*' --warning=no-timestamp
            # Mounts and processes of the scripts end with these namespaces.
            code=0
            unshare --mount --pid --fork --kill-child --propagation private sh "$0" "$1" inside </dev/null >&2 || code=$?
            if [ $code -ne 0 ]; then exit $code; fi
            # The places of mounts that the tree did not have; nothing but the mounts was ever in them.
            for name in $(cat made); do
                if [ -d "root/$name" ]; then rmdir "root/$name"; else rm "root/$name"; fi
            done
            tar -C root -c -f - --format=posix --pax-option=delete=atime,delete=ctime --numeric-owner --sort=name \
                --xattrs --xattrs-include='*' --sparse --one-file-system --warning=no-file-ignored .
            exit 0
        fi
        root=$PWD/root
        : >made
        for name in proc sys dev run; do
            if [ ! -d "$root/$name" ]; then
                mkdir "$root/$name"
                echo "$name" >>made
            fi
        done
        # A container may forbid a proc of our own: then that of the host, which shows more than it should and works.
        mount -t proc proc "$root/proc" 2>/dev/null || mount --rbind /proc "$root/proc"
        mount --rbind /sys "$root/sys"
        mount -t tmpfs -o mode=755,nosuid,size=16m tmpfs "$root/dev"
        for name in null zero full random urandom tty; do
            if [ -e "/dev/$name" ]; then
                : >"$root/dev/$name"
                mount --bind "/dev/$name" "$root/dev/$name"
            fi
        done
        mkdir "$root/dev/pts" "$root/dev/shm"
        mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts "$root/dev/pts" 2>/dev/null || true
        ln -s pts/ptmx "$root/dev/ptmx"
        mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$root/dev/shm"
        ln -s /proc/self/fd "$root/dev/fd"
        ln -s fd/0 "$root/dev/stdin"
        ln -s fd/1 "$root/dev/stdout"
        ln -s fd/2 "$root/dev/stderr"
        mount -t tmpfs -o mode=755,nosuid,nodev tmpfs "$root/run"
        mkdir -m 1777 "$root/run/lock"
        cp -r run "$root/run/rootcast"
        # Names are found as on this host.
        resolv=$root/etc/resolv.conf
        if [ -f /etc/resolv.conf ] && [ -d "$root/etc" ]; then
            if [ -L "$resolv" ]; then
                link=$(readlink "$resolv")
                case $link in
                /run/*|../run/*)
                    target=$root/run/${link#*run/}
                    mkdir -p "${target%/*}"
                    cp /etc/resolv.conf "$target"
                    ;;
                esac
            else
                cp -L /etc/resolv.conf "$root/run/rootcast/resolv.conf"
                if [ ! -e "$resolv" ]; then
                    : >"$resolv"
                    echo etc/resolv.conf >>made
                fi
                mount --bind "$root/run/rootcast/resolv.conf" "$resolv"
            fi
        fi
        # Packages that scripts install must not start services: invoke-rc.d asks this program.
        policy=$root/usr/sbin/policy-rc.d
        madePolicy=
        if [ -d "$root/usr/sbin" ] && [ ! -e "$policy" ] && [ ! -L "$policy" ]; then
            printf '#!/bin/sh\nexit 101\n' >"$policy"
            chmod 755 "$policy"
            madePolicy=1
        fi
        number=0
        for script in run/*; do
            code=0
            env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
                DEBIAN_FRONTEND=noninteractive ${http_proxy:+"http_proxy=$http_proxy"} ${https_proxy:+"https_proxy=$https_proxy"} \
                ${SOURCE_DATE_EPOCH:+"SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH"} \
                chroot "$root" "/run/rootcast/${script#run/}" || code=$?
            if [ $code -ne 0 ]; then
                echo "$number $code" >failed
                exit 64
            fi
            number=$((number + 1))
        done
        if [ "$madePolicy" ] && [ "$(cat "$policy" 2>/dev/null)" = "$(printf '#!/bin/sh\nexit 101\n')" ]; then rm "$policy"; fi

        """;
}
