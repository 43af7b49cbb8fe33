using System.Globalization;
using System.Text;

namespace Rootcast.Contract;

/// <summary>What tells the lab, out of the running tree, that its default target is reached, what memory is used then, and how fast <c>/</c> takes a
/// file: a unit and a shell script below /run, placed there by whichever initramfs boots the tree.</summary>
public static class ReadyScript
{
    /// <summary>Where the script is.</summary>
    public const string Path = InitramfsPaths.RunDirectory + "/ready-report";

    /// <summary>Name of the unit.</summary>
    public const string UnitName = "rootcast-ready.service";

    /// <summary>Lines of /proc/meminfo that were taken between handover and ready, some dozens a second; only where the lab measures.</summary>
    public const string Samples = InitramfsPaths.RunDirectory + "/memory-samples";

    /// <summary>The number of the process that takes them.</summary>
    public const string Sampler = InitramfsPaths.RunDirectory + "/sampler";

    /// <summary>The unit.</summary>
    public const string UnitText = $"""
        [Unit]
        Description=Report to the Rootcast lab
        After=default.target multi-user.target graphical.target

        [Service]
        Type=oneshot
        ExecStart=/bin/sh {Path}

        """;

    /// <summary>What else the lab has to do, where it has: nothing of that is in memory before the report is away.</summary>
    private const string Work = """
        for port in /sys/class/virtio-ports/*; do
            read -r name < "$port/name" && [ "$name" = NAME ] || continue
            exec 4< "/dev/${port##*/}"
            bytes=$(head -c 8 <&4)
            head -c "$bytes" <&4 > /run/rootcast/work
            /bin/sh /run/rootcast/work
        done

        """;

    /// <summary>The script: time and memory first, by the shell alone, before anything else takes memory.</summary>
    /// <param name="port">The device of <see cref="GuestEvent.Port"/>.</param>
    /// <param name="writeTestBytes">How much it writes into <c>/</c>; 0 for nothing.</param>
    public static string Text(string port, long writeTestBytes)
    {
        const string head = """
            # Placed before the handover, for the lab that listens on the other side of this port.
            exec 3> PORT
            [ ! -e SAMPLER ] || { read -r sampler < SAMPLER && kill "$sampler" 2> /dev/null; }
            read -r up idle < /proc/uptime
            echo "mark ready ${up%.*}${up#*.}0000000" >&3
            while read -r line; do echo "memory $line" >&3; done < /proc/meminfo
            lists=0
            while read -r name value rest; do
                case $name in count:) lists=$((lists + value)) ;; esac
            done < /proc/zoneinfo
            echo "memory PerCpuFree: $((lists * PAGE)) kB" >&3

            """;
        const string write = """
            clock() {
                now=$(date +%s%N)
                case $now in
                    *[!0-9]*|'') read -r up idle < /proc/uptime; now=${up%.*}${up#*.}0000000 ;;
                esac
            }
            file=/.rootcast-write-test
            clock; start=$now
            if dd if=/dev/zero of=$file bs=1048576 count=BLOCKS 2> /run/rootcast/write-test; then
                clock; written=$now
                sync
                clock
                echo "write BYTES $((written - start))" >&3
                echo "sync $((now - written))" >&3
            else
                while read -r line; do echo "fail $line" >&3; done < /run/rootcast/write-test
            fi
            rm -f $file

            """;
        long blocks = writeTestBytes >> 20;
        StringBuilder text = new(
            head.Replace("PORT", port, StringComparison.Ordinal)
                .Replace("SAMPLER", Sampler, StringComparison.Ordinal)
                .Replace("PAGE", (Environment.SystemPageSize >> 10).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        );
        if (blocks > 0)
        {
            text.Append(
                write
                    .Replace("BLOCKS", blocks.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                    .Replace("BYTES", (blocks << 20).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            );
        }
        return text.Append(Work.Replace("NAME", GuestEvent.WorkPort, StringComparison.Ordinal)).Append("echo done >&3\n").ToString();
    }
}
