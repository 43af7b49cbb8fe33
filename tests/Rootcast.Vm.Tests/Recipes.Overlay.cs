namespace Rootcast.Vm.Tests;

internal static partial class Recipes
{
    /// <summary>A busybox that tries what it can write: <c>vm.do=</c> on the command line says how.</summary>
    public static string Overlay() => WithScript("overlay", OverlayScript);

    private const string OverlayScript = """
        for word in $($b cat /proc/cmdline); do
          case $word in vm.do=*) what=${word#vm.do=} ;; esac
        done
        mount=/run/rootcast/overlay
        mebibytes() { set -- $($b df -m $1 | $b tail -n 1); echo $(($3 + 0)); }
        fill() { $b dd if=/dev/zero of=/fill bs=1048576 count=$1 2> /run/said; wrote=$(($($b stat -c %s /fill) >> 20)); }
        case $what in
          keep*)
            [ -e /kept/file ] && say before kept || say before nothing
            [ -e /kept/trace ] && say trace there || say trace absent
            [ -e /tmp ] && say directory there || say directory absent
            $b mkdir -p /kept
            [ $what = keep ] && echo data > /kept/file && $b rm -rf /tmp || echo trace > /kept/trace
            $b sync
            ;;
          none)
            $b touch /written 2> /run/said && say write done || say write $($b cat /run/said)
            ;;
          fill)
            # Each round writes all there is and deletes it: the same again must fit, and little may stay in memory.
            for round in 1 2 3; do
              fill 500
              $b grep -q 'No space left on device' /run/said && said=full || said=$($b cat /run/said)
              [ $wrote -ge 40 ] && [ $wrote -le 64 ] || said="wrote $wrote MiB"
              say round$round $said
              $b sync
              [ $(mebibytes $mount) -ge 30 ] && say held$round ok || say held$round $(mebibytes $mount) MiB
              $b rm /fill
              $b sync
            done
            [ $(mebibytes $mount) -le 8 ] && say back ok || say back $(mebibytes $mount) MiB are still taken
            echo small > /small && say small ok
            if [ -e /sys/fs/ext4/dm-0/reserved_clusters ]; then
              echo 0 > /sys/fs/ext4/dm-0/reserved_clusters
            else
              $b mount -o remount,size=200M $mount || $b mount -o remount,size=200M none $mount
            fi
            fill 100
            [ $wrote = 100 ] && say grown ok || say grown $wrote MiB
            $b dmesg > /run/dmesg
            $b grep -E 'EXT4-fs error|I/O error|Invalidating' /run/dmesg > /run/errors && say errors $($b head -n 1 /run/errors) || say errors none
            ;;
        esac
        """;
}
