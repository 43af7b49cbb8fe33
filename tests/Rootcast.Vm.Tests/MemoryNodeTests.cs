using System.Globalization;
using Rootcast.Contract;
using Rootcast.Lab.Boots;

namespace Rootcast.Vm.Tests;

/// <summary>Machines with two memory nodes.</summary>
public class MemoryNodeTests(GuestLab lab)
{
    private const int Written = 64;

    private static readonly string Report = $$"""
        $b dd if=/dev/zero of=/written bs=1M count={{Written}}
        for node in 0 1; do
          # "Node 0 Shmem: 1234 kB"
          say node$node $($b awk '$3 == "Shmem:" { print $4 }' /sys/devices/system/node/node$node/meminfo)
        done
        say mounts $($b awk '$3 == "tmpfs" && $1 ~ /rootcast/ { print $1 "=" $4 }' /proc/mounts)
        """;

    [Theory]
    [InlineData(Form.Tmpfs, "rootcast=")]
    [InlineData(Form.Squashfs, "rootcast-overlay=")]
    public async Task WhatIsHeldInMemoryIsSpreadOverBothNodes(Form form, string mount)
    {
        BootReport report = await ReadyAsync(form, "");
        Assert.Contains("mpol=interleave", Said(report, "mounts").Split(mount)[1].Split(' ')[0], StringComparison.Ordinal);
        int[] kilobytes = [.. new[] { "node0", "node1" }.Select(node => int.Parse(Said(report, node), CultureInfo.InvariantCulture))];
        // The payload of the initrd is where the kernel put it, and a tree of 2 MB is no more than noise.
        Assert.True(kilobytes.Min() > Written * 1024 * 2 / 5, $"{kilobytes[0]} and {kilobytes[1]} kB");
    }

    [Fact]
    public async Task ThePlanMaySayWhichNode()
    {
        BootReport report = await ReadyAsync(Form.Tmpfs, "rootcast.mpol=bind:1");
        Assert.Contains("mpol=bind:1", Said(report, "mounts"), StringComparison.Ordinal);
        Assert.True(int.Parse(Said(report, "node1"), CultureInfo.InvariantCulture) > Written * 1024, Expect.Describe(report));
    }

    private async Task<BootReport> ReadyAsync(Form form, string arguments)
    {
        BootReport report = await lab.BootAsync(
            new Scenario
            {
                Recipe = Recipes.WithScript("nodes", Report),
                Form = form,
                Arguments = arguments,
                MemoryNodes = 2,
            }
        );
        Expect.Ready(report);
        return report;
    }

    private static string Said(BootReport report, string name) =>
        report.Events.First(said => said.Kind == "check" && said.Text.StartsWith(name + " ", StringComparison.Ordinal)).Text[
            (name.Length + 1)..
        ];
}
