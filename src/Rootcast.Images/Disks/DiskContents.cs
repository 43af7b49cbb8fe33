using System.Globalization;
using System.Text.Json;
using Rootcast.Images.Tools;

namespace Rootcast.Images.Disks;

/// <summary>What would be erased: the partition table, partitions and file systems of a disk or a disk image.</summary>
internal static class DiskContents
{
    /// <summary>What is called.</summary>
    public static IReadOnlyList<string> Tools { get; } = ["sfdisk", "blkid"];

    /// <summary>Looks; an empty list when nothing that is known is there.</summary>
    /// <param name="path">A block device, or a file.</param>
    /// <param name="bytes">How long it is.</param>
    /// <param name="cancellation">Ends the programs.</param>
    public static async Task<IReadOnlyList<FoundOnDisk>> ReadAsync(string path, long bytes, CancellationToken cancellation)
    {
        if (bytes == 0)
        {
            return [];
        }
        List<FoundOnDisk> found = [];
        (string? what, string? label) = await ProbeAsync(path, 0, bytes, cancellation);
        if (what is not null)
        {
            found.Add(new FoundOnDisk(path, bytes, what, label));
        }
        ToolResult table = await new Tool("sfdisk", "--json", path) { GoodExitCodes = [0, 1] }.RunAsync(cancellation);
        if (table.ExitCode != 0 || table.Output.Length == 0)
        {
            return found;
        }
        using JsonDocument json = JsonDocument.Parse(table.Output);
        JsonElement root = json.RootElement.GetProperty("partitiontable");
        long sector = root.TryGetProperty("sectorsize", out JsonElement size) ? size.GetInt64() : 512;
        if (!root.TryGetProperty("partitions", out JsonElement partitions))
        {
            return found;
        }
        foreach (JsonElement partition in partitions.EnumerateArray())
        {
            long offset = partition.GetProperty("start").GetInt64() * sector;
            long length = partition.GetProperty("size").GetInt64() * sector;
            (what, label) = await ProbeAsync(path, offset, length, cancellation);
            string? name = partition.TryGetProperty("name", out JsonElement text) ? text.GetString() : null;
            found.Add(new FoundOnDisk(partition.GetProperty("node").GetString()!, length, what, label ?? name));
        }
        return found;
    }

    private static async Task<(string? What, string? Label)> ProbeAsync(
        string path,
        long offset,
        long length,
        CancellationToken cancellation
    )
    {
        // 2: nothing is known there; 8: several things are.
        ToolResult result = await new Tool("blkid", "-p", "-o", "export", "-O", Text(offset), "-S", Text(length), path)
        {
            GoodExitCodes = [0, 2, 8],
        }.RunAsync(cancellation);
        if (result.ExitCode == 8)
        {
            return ("several things at once", null);
        }
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (string line in result.Output.Split('\n'))
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                values[line[..equals]] = line[(equals + 1)..];
            }
        }
        string? table = values.TryGetValue("PTTYPE", out string? type) ? $"partition table ({type})" : null;
        return (values.GetValueOrDefault("TYPE") ?? table, values.GetValueOrDefault("LABEL"));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
