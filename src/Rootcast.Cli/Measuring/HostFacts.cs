using System.Text.RegularExpressions;
using Rootcast.Cli.Boots;
using Rootcast.Cli.Host;
using Rootcast.Images.Tools;
using Rootcast.Lab.Measuring;
using Rootcast.Linux.Memory;

namespace Rootcast.Cli.Measuring;

/// <summary>What of this host may matter to figures that were taken on it.</summary>
internal static partial class HostFacts
{
    /// <summary>Programs that make forms, and how each is asked for its version.</summary>
    private static readonly (string Program, string Argument)[] Tools =
    [
        ("mksquashfs", "-version"),
        ("mkfs.erofs", "--version"),
        ("mke2fs", "-V"),
        ("mkfs.btrfs", "--version"),
        ("mkfs.xfs", "-V"),
        ("zstd", "--version"),
        ("mmdebstrap", "--version"),
    ];

    /// <summary>Reads them.</summary>
    public static async Task<MeasuredHost> ReadAsync(LabHost host, CancellationToken cancellation)
    {
        Dictionary<string, string> versions = new(StringComparer.Ordinal);
        foreach ((string program, string argument) in Tools)
        {
            if (await VersionAsync(program, argument, cancellation) is { } version)
            {
                versions[program] = version;
            }
        }
        return new MeasuredHost
        {
            System = HostSystem.Read().PrettyName,
            Kernel = (await File.ReadAllTextAsync("/proc/sys/kernel/osrelease", cancellation)).Trim(),
            Processor = ProcessorIn(await File.ReadAllTextAsync("/proc/cpuinfo", cancellation)),
            Processors = Environment.ProcessorCount,
            MemoryBytes = MemoryInfo.Read().Total,
            Qemu = host.Qemu.Version.ToString(),
            Accelerator = host.Choice.Accelerator.ToString().ToUpperInvariant(),
            AcceleratorReason = host.Choice.Reason,
            GuestProcessors = MeasureBoot.Processors,
            Rootcast = BuildFacts.Current.Line,
            Tools = versions,
        };
    }

    /// <summary>The model in /proc/cpuinfo.</summary>
    internal static string ProcessorIn(string cpuinfo)
    {
        foreach (string line in cpuinfo.Split('\n'))
        {
            if (line.Split(':', 2) is [var name, var value] && name.Trim() == "model name")
            {
                return value.Trim();
            }
        }
        return "unknown";
    }

    /// <summary>The first thing in a program's words that looks like a version.</summary>
    internal static string? VersionIn(string text) => Version().Match(text) is { Success: true } found ? found.Value : null;

    private static async Task<string?> VersionAsync(string program, string argument, CancellationToken cancellation)
    {
        if (Tool.Find(program) is not { } path)
        {
            return null;
        }
        List<string> said = [];
        // mke2fs says it on standard error, and mksquashfs ends with 1 in some versions.
        Tool tool = new(path, argument) { GoodExitCodes = [0, 1], ErrorLine = said.Add };
        ToolResult result = await tool.RunAsync(cancellation);
        return VersionIn($"{result.Output}\n{string.Join('\n', said)}");
    }

    [GeneratedRegex(@"\d+\.\d+[\w.\-]*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Version();
}
