using Rootcast.Contract;
using Rootcast.Images.Initrds;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Running;

namespace Rootcast.Vm.Tests;

/// <summary><c>rootcast footprint</c> in guests that Rootcast booted, on Debian 12's kernel: no cachestat(2), modules, a device mapper.</summary>
public class FootprintTests(GuestLab lab)
{
    // The program comes as a file of this machine, and runs in place of the tree's own checks.
    private const string Begin = """
        #!/bin/sh
        for port in /sys/class/virtio-ports/*; do
          [ "$(cat $port/name)" = rootcast.events ] && exec 3> /dev/${port##*/}
        done
        say() { if [ -z "$2" ]; then echo "check $1 ok" >&3; else echo "check $1 $2" >&3; fi; }
        take() { /usr/local/sbin/rootcast footprint --json > /run/$1.json 2> /run/$1.err || say footprint "$(tr '\n' ';' < /run/$1.err)"; }
        # Bytes of the rows of a footprint whose owner, kind and detail fit a pattern.
        row() {
          awk -v want="$2" '
            /^  "rows"/ {rows = 1} /^  \]/ {rows = 0}
            /"owner":/ {text = $0} /"(kind|detail)":/ {text = text $0}
            /"bytes":/ && rows && text ~ want {sum += $2}
            END {printf "%d", sum}' /run/$1.json
        }
        # Within 2 %: how much grew, how much it must.
        near() { [ $(($1 * 100)) -ge $(($2 * 98)) ] && [ $(($1 * 100)) -le $(($2 * 102)) ] || echo "$1 bytes instead of $2"; }
        sum() {
          awk '/^  "usedBytes"/ {used = $2 + 0} /^  "remainderBytes"/ {rest = $2 + 0} END {
            if (rest < 0) rest = -rest
            if (used == 0 || rest * 100 > used * 3) printf "a remainder of %d of %d bytes", rest, used}' /run/$1.json
        }

        """;

    [Theory]
    [Trait("tier", "full")]
    [InlineData(Form.Tmpfs, "tmpfs /\".*files in memory")]
    [InlineData(Form.Ramdisk, "ext4 /\".*image in memory")]
    [InlineData(Form.Squashfs, "squashfs /run/rootcast/lower\".*image in memory")]
    [InlineData(Form.Erofs, "erofs /run/rootcast/lower\".*image in memory")]
    [InlineData(Form.Zram, "compressed pages")]
    [InlineData(Form.Initramfs, " /\".*files in memory")]
    [InlineData(Form.Livefs, "squashfs /run/rootcast/lower\".*image in memory")]
    public async Task TheRowsSumToWhatIsUsedAndTheFormHasItsOwn(Form form, string row)
    {
        BootReport report = await BootAsync(
            form,
            $$"""
            take last
            say sum "$(sum last)"
            # Trees and images of the tests come to more than this.
            [ $(row last '{{row}}') -gt 33554432 ] && say row || say row "$(row last '{{row}}') bytes"
            """
        );
        Expect.Check(report, "sum");
        Expect.Check(report, "row");
    }

    [Fact]
    [Trait("tier", "full")]
    public async Task ASnapshotAndDentriesGrowByWhatIsPutIntoThem()
    {
        BootReport report = await BootAsync(
            Form.Livefs,
            """
            take warm
            take before
            dd if=/dev/urandom of=/var/fill bs=1M count=128 status=none
            sync
            take after
            store='ext4 /".*exception store'
            say store "$(near $(($(row after "$store") - $(row before "$store"))) $((128 << 20)))"
            # Names that are not there: each leaves a dentry, 21 in a page.
            take before
            seq 1 300000 | sed 's,^,/usr/,' | xargs stat > /dev/null 2>&1
            take after
            say dentries "$(near $(($(row after '"dentry"') - $(row before '"dentry"'))) $((300000 / 21 * 4096)))"
            say sum "$(sum after)"
            """
        );
        Expect.Check(report, "store");
        Expect.Check(report, "dentries");
        Expect.Check(report, "sum");
    }

    private async Task<BootReport> BootAsync(Form form, string script)
    {
        string? program = Environment.GetEnvironmentVariable("ROOTCAST");
        Assert.SkipUnless(program is { Length: > 0 }, "rootcast is not published: ./test full does that and names it in $ROOTCAST");
        using LabDirectory directory = new();
        string place = Directory.CreateDirectory(directory.File("node/tree/usr/local/sbin")).FullName;
        File.Copy(program!, Path.Combine(place, "rootcast"));
        File.WriteAllText(Path.Combine(place, "vm-check"), Begin + script + "\n");
        File.SetUnixFileMode(Path.Combine(place, "vm-check"), (UnixFileMode)0b111_101_101);
        BootReport report = await lab.BootAsync(
            new Scenario
            {
                Form = form,
                Segments = [NodeSegment.Of(directory.File("node"))],
                Arguments = "vm.check",
                Deadline = 2 * GuestLab.Deadline,
            }
        );
        Expect.Ready(report);
        return report;
    }
}
