using System.Globalization;
using System.Text;
using Rootcast.Contract;
using Rootcast.Init.Journal;
using Rootcast.Linux.Files;

namespace Rootcast.Init.Handover;

/// <summary>When a lab listens: a unit under /run that tells it when the tree's default target is reached, what memory is used then, and how
/// fast <c>/</c> takes a file. The tree itself is not touched, and without the lab's port nothing of this is there.</summary>
public static class ReadyReport
{
    private const string Script = InitramfsPaths.RunDirectory + "/ready-report";
    private const string Unit = "rootcast-ready.service";

    /// <summary>Writes unit and script, when the lab's port is there.</summary>
    public static void Place(BootJournal journal, BootPlan plan)
    {
        if (journal.PortPath is not { } port)
        {
            return;
        }
        SmallFile.Write(Script, ScriptText(port, plan.WriteTestBytes), 0x1ED);
        RunUnit.Place(Unit, UnitText);
        journal.Say($"{Unit} reports to {port}");
    }

    private const string UnitText = $"""
        [Unit]
        Description=Report to the Rootcast lab
        After=default.target multi-user.target graphical.target

        [Service]
        Type=oneshot
        ExecStart=/bin/sh {Script}

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
    public static string ScriptText(string port, long writeTestBytes)
    {
        const string head = """
            # Written by Rootcast's init for the lab that listens on the other side of this port.
            exec 3> PORT
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
