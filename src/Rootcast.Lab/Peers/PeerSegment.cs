using System.Text;
using Rootcast.Contract;
using Rootcast.Formats.Elf;
using Rootcast.Images.Initrds;

namespace Rootcast.Lab.Peers;

/// <summary>What the lab adds to the initramfs of others so that the tree reports as it does under ours: a hook that runs just before the handover. The
/// initramfs itself stays as its own tools made it.</summary>
public static class PeerSegment
{
    private const string Directory = "/rootcast-lab";

    /// <summary>What was seen before the handover, as <see cref="GuestEvent"/> lines; the workload hands them on.</summary>
    public const string Said = InitramfsPaths.RunDirectory + "/said";

    /// <summary>The segment; the same for dracut and live-boot.</summary>
    public static InitrdSegment Make() =>
        FilesSegment.Of(
            new Dictionary<string, byte[]>(StringComparer.Ordinal)
            {
                [$"{Directory}/place"] = Encoding.UTF8.GetBytes(PlaceScript),
                [$"{Directory}/ready-report"] = Encoding.UTF8.GetBytes(ReportScript),
                [$"{Directory}/{ReadyScript.UnitName}"] = Encoding.UTF8.GetBytes(ReadyScript.UnitText),
                [$"{Directory}/@sampler"] = SamplingProgram.OfMemory(),
                // dracut runs what is there. Not below /usr/lib/dracut: hooks is a symbolic link there (to here), which the kernel would replace by a
                // directory with this one hook in it.
                ["/var/lib/dracut/hooks/pre-pivot/99-rootcast-lab.sh"] = Encoding.UTF8.GetBytes($"/bin/sh {Directory}/place\n"),
                // initramfs-tools runs what this list names, and reads its configuration as a script, before that.
                ["/conf/conf.d/rootcast-lab"] = Encoding.UTF8.GetBytes($"echo '{Directory}/place' >> /scripts/init-bottom/ORDER\n"),
            }
        );

    /// <summary>What reports that the tree is ready. The port by its name: udev's link comes when udev gets to it.</summary>
    public static string ReportScript =>
        $"""
            for port in /sys/class/virtio-ports/*; do
                read -r name < "$port/name" && [ "$name" = {GuestEvent.Port} ] && events=/dev/${"{port##*/}"}
            done

            """ + ReadyScript.Text("\"$events\"", 0);

    /// <summary>What runs just before the handover, without any program that klibc does not have.</summary>
    public static string PlaceScript =>
        """
            #!/bin/sh
            # Sent by the lab. Told later, by the workload: when init ends, and the memory that is used then.
            mkdir -p /run/rootcast /run/systemd/system/default.target.wants
            read -r up idle < /proc/uptime
            while read -r name value unit; do
                case $name in
                    MemTotal:) total=$value ;;
                    MemFree:) free=$value ;;
                    MemAvailable:) left=$value ;;
                esac
            done < /proc/meminfo
            lists=0
            while read -r name value rest; do
                case $name in count:) lists=$((lists + value)) ;; esac
            done < /proc/zoneinfo
            echo "stage switch-root ${up%.*}${up#*.}0000000" > SAID
            echo "used root-mounted $(((total - left - lists * PAGE) * 1024)) $((free * 1024))" >> SAID
            modprobe virtio_console
            cat HERE/ready-report > REPORT
            cat HERE/UNIT > /run/systemd/system/UNIT
            ln -s ../UNIT /run/systemd/system/default.target.wants/UNIT
            # Opened here: what is mounted moves while it starts. Its name begins with an @, so nothing that ends the processes of an initramfs ends it.
            PATH=HERE:$PATH
            exec 8< /proc/meminfo 9>> SAMPLES
            @sampler <&8 >&9 2> /dev/null &
            echo $! > SAMPLER

            """.Replace("HERE", Directory, StringComparison.Ordinal).Replace(
            "UNIT",
            ReadyScript.UnitName,
            StringComparison.Ordinal
        ).Replace("REPORT", ReadyScript.Path, StringComparison.Ordinal).Replace(
            "SAMPLES",
            ReadyScript.Samples,
            StringComparison.Ordinal
        ).Replace("SAMPLER", ReadyScript.Sampler, StringComparison.Ordinal).Replace("SAID", Said, StringComparison.Ordinal).Replace(
            "PAGE",
            (Environment.SystemPageSize >> 10).ToString(System.Globalization.CultureInfo.InvariantCulture),
            StringComparison.Ordinal
        );
}
