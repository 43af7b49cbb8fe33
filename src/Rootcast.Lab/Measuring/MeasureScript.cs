using System.Globalization;
using Rootcast.Contract;
using Rootcast.Lab.Machines;
using Rootcast.Lab.Peers;

namespace Rootcast.Lab.Measuring;

/// <summary>What a guest does once it has reported that it is ready: tells what crossed the wire and how systemd came up, then carries out the set workload and
/// looks at its memory after each part. docs/measuring.md says why in this order.</summary>
public static class MeasureScript
{
    /// <summary>Files that are made in the part <c>small files</c>.</summary>
    public const int SmallFiles = 1000;

    /// <summary>Where the guest keeps what the measuring itself needs.</summary>
    public const string Place = "/run/rootcast/measuring";

    /// <summary>The work.</summary>
    /// <param name="writeBytes">What is written each time; a multiple of 1 MiB.</param>
    /// <param name="program">A rootcast that runs by itself, for the footprints; null leaves them out.</param>
    public static GuestWork Of(long writeBytes, string? program)
    {
        string script = Text(writeBytes, program is null ? 0 : new FileInfo(program).Length);
        return program is null ? new GuestWork(script) : new GuestWork(script, program);
    }

    /// <summary>The script alone.</summary>
    /// <param name="writeBytes">As <see cref="Of"/>.</param>
    /// <param name="programBytes">Length of the program that follows the script; 0 for none.</param>
    public static string Text(long writeBytes, long programBytes) =>
        Template
            .Replace("@PLACE@", Place, StringComparison.Ordinal)
            .Replace("@BLOCKS@", Number(writeBytes >> 20), StringComparison.Ordinal)
            .Replace("@BYTES@", Number(writeBytes >> 20 << 20), StringComparison.Ordinal)
            .Replace("@PROGRAM@", Number(programBytes), StringComparison.Ordinal)
            .Replace("@PAGE@", Number(Environment.SystemPageSize >> 10), StringComparison.Ordinal)
            .Replace("@SAID@", PeerSegment.Said, StringComparison.Ordinal)
            .Replace("@SAMPLES@", ReadyScript.Samples, StringComparison.Ordinal)
            .Replace("@SMALL@", Number(SmallFiles), StringComparison.Ordinal);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private const string Template = """
        # Sent by the lab. What is made here goes into a tmpfs of its own, so that it is a row of its own in the footprints.
        here=@PLACE@
        mkdir -p $here
        mount -t tmpfs -o size=64M,mode=0700 rootcast-measuring $here
        fact() { echo "fact $*" >&3; }
        problem() { echo "problem $*" | head -c 1000 | tr '\n' ' ' >&3; echo >&3; }
        clock() {
            now=$(date +%s%N)
            case $now in
                *[!0-9]*|'') read -r up idle < /proc/uptime; now=${up%.*}${up#*.}0000000 ;;
            esac
        }
        begin() { clock; began=$now; }
        # step NAME BYTES COUNT: what was begun is over.
        step() { clock; echo "step $1 $((now - began)) ${2:-0} ${3:-0}" >&3; }
        memory() {
            while read -r line; do echo "at $1 $line" >&3; done < /proc/meminfo
            lists=0
            while read -r name value rest; do
                case $name in count:) lists=$((lists + value)) ;; esac
            done < /proc/zoneinfo
            echo "at $1 PerCpuFree: $((lists * @PAGE@)) kB" >&3
            set -- "$1" $(df -k --output=used $here)
            echo "at $1 Measuring: $3 kB" >&3
        }
        footprint() {
            [ -x $here/rootcast ] || return 0
            if $here/rootcast footprint --json > $here/footprint 2> $here/errors; then
                sed "s/^/footprint $1 /" $here/footprint >&3
            else
                problem "footprint $1: $(cat $here/errors)"
            fi
            rm -f $here/footprint $here/errors
        }

        # What crossed the wire, and systemd's own times: before anything else is read.
        received=0
        for card in /sys/class/net/*; do
            [ "${card##*/}" != lo ] || continue
            read -r bytes < "$card/statistics/rx_bytes" && received=$((received + bytes))
        done
        echo "received $received" >&3
        sectors=0
        while read -r major minor name reads merged count rest; do
            case $name in
                loop*|dm-*|zram*|ram*|md*) ;;
                *) [ ! -e "/sys/block/$name" ] || sectors=$((sectors + count)) ;;
            esac
        done < /proc/diskstats
        echo "disk $((sectors * 512))" >&3
        # kB of MemFree and MemAvailable, each the least that was seen since the handover.
        if [ -e @SAMPLES@ ]; then
            awk '/^MemFree:.*kB$/ {n++; if (n == 1 || $2 < free) free = $2}
                /^MemAvailable:.*kB$/ {m++; if (m == 1 || $2 < left) left = $2}
                END {if (n && m) printf "sampled %d %.0f %.0f\n", n, free * 1024, left * 1024}' @SAMPLES@ >&3
            rm -f @SAMPLES@
        fi
        for stage in Userspace SecurityFinish GeneratorsStart GeneratorsFinish UnitsLoadStart UnitsLoadFinish; do
            echo "systemd $(systemctl show --property=${stage}TimestampMonotonic 2> /dev/null)" >&3
        done
        if [ -e @SAID@ ]; then
            # Of an initramfs that is not ours: what it could not tell itself.
            cat @SAID@ >&3
            dmesg | sed -n 's/^\[ *\([0-9]*\)\.\([0-9]\{6\}\)\] Run .* as init process$/stage init-start \1\2000/p' | head -n 1 >&3
        fi
        fact "kernel $(cat /proc/sys/kernel/osrelease)"
        fact "page size $((@PAGE@ * 1024))"
        fact "huge pages: $(cat /sys/kernel/mm/transparent_hugepage/enabled 2> /dev/null); in tmpfs: $(cat /sys/kernel/mm/transparent_hugepage/shmem_enabled 2> /dev/null)"
        while read -r device place type options rest; do
            case $place:$type in
                /:*|@PLACE@:*) ;;
                /run/rootcast/*|*:squashfs|*:erofs) ;;
                *) continue ;;
            esac
            fact "mount $device $place $type $options"
        done < /proc/mounts
        if [ @PROGRAM@ -gt 0 ]; then
            head -c @PROGRAM@ <&4 > $here/rootcast
            chmod 0755 $here/rootcast
        fi
        footprint ready

        # Everything once: names, then contents, with nothing in the caches and again with what the first time has left there.
        sync
        echo 3 > /proc/sys/vm/drop_caches
        bytes=0
        for state in cold warm; do
            begin
            names=$(find / -xdev -printf '%k\n' | wc -l)
            step walk-$state 0 "$names"
            if [ $bytes = 0 ]; then
                bytes=$(find / -xdev -type f -printf '%s\n' | awk '{sum += $1} END {printf "%.0f", sum}')
                echo 3 > /proc/sys/vm/drop_caches
            fi
            begin
            find / -xdev -type f -exec cat {} + > /dev/null
            step read-$state "$bytes" 0
        done
        memory read
        footprint read

        if [ @BLOCKS@ -gt 0 ]; then
            # The figure of dd.
            file=/.rootcast-measuring
            begin
            if dd if=/dev/zero of=$file bs=1048576 count=@BLOCKS@ 2> $here/errors; then
                step write @BYTES@ 0
                begin
                sync
                step sync 0 0
                memory written
            else
                problem "write: $(cat $here/errors)"
            fi
            rm -f $file
            sync

            # Files as they are: zeros would tell nothing of a form that compresses.
            begin
            tar -C / -cf - usr 2> /dev/null | head -c @BYTES@ > $file
            step copy "$(wc -c < $file)" 0
            begin
            sync
            step copy-sync 0 0
            memory workload
            footprint workload
            rm -f $file

            mkdir $file
            text=$(printf '%4096s' rootcast)
            begin
            i=0
            while [ $i -lt @SMALL@ ]; do printf '%s' "$text" > $file/$i || break; i=$((i + 1)); done
            step create $((i * 4096)) $i
            begin
            rm -rf $file
            step remove 0 $i

            # By fio where the tree has it, and by its own clock: what it takes to load counts in nothing.
            by_fio() { # step, fields of the terse line with KiB and milliseconds; arguments
                name=$1 kib=$2 took=$3
                shift 3
                sync
                echo 3 > /proc/sys/vm/drop_caches
                if fio --name=random --bs=4k --runtime=20 --thread --output-format=terse --terse-version=3 "$@" > $here/fio 2> $here/errors; then
                    line=$(head -n 1 $here/fio)
                    kib=$(echo "$line" | cut -d';' -f$kib)
                    echo "step $name $(echo "$line" | cut -d';' -f$took)000000 $((kib * 1024)) $((kib / 4))" >&3
                else
                    problem "fio, $name: $(cat $here/errors $here/fio)"
                fi
            }
            if command -v fio > /dev/null; then
                # Every block of the file once.
                largest=$(find /usr -xdev -type f -printf '%s %p\n' | sort -n | tail -n 1 | cut -d' ' -f2-)
                by_fio random-read 6 9 --filename="$largest" --readonly --rw=randread
                by_fio random-write 47 50 --filename=$file --size=16m --rw=randwrite --fsync_on_close=1
                rm -f $file
                mkdir $file
                by_fio stat 6 9 --directory=$file --ioengine=filestat --nrfiles=@SMALL@ --filesize=4k --rw=read --openfiles=1
                rm -rf $file
            fi
        fi

        """;
}
