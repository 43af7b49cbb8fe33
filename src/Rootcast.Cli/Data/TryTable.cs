using Rootcast.Cli.Terminal;
using Spectre.Console;

namespace Rootcast.Cli.Data;

/// <summary>The rows of <c>try</c> as a table.</summary>
internal static class TryTable
{
    /// <summary>A row a form.</summary>
    public static Table Of(IReadOnlyList<BootData> rows)
    {
        Table table = Tables.Plain(
            "form",
            "carrier",
            "delivered",
            "used",
            "used (free)",
            "/init",
            "root-mounted",
            "switch-root",
            "ready",
            "write",
            "sync"
        );
        foreach (TableColumn column in table.Columns.Skip(2))
        {
            column.RightAligned();
        }
        foreach (BootData row in rows)
        {
            table.AddRow(
                new Text(row.Form),
                new Text(row.Carrier),
                new Text(Amounts.Bytes(row.DeliveredBytes)),
                new Text(Memory(row.MemoryUsed)),
                new Text(Memory(row.MemoryUsedFree)),
                new Text(Time(row.KernelToInitMs)),
                new Text(Time(row.RootMountedMs)),
                new Text(Time(row.SwitchRootMs)),
                new Text(row.Ready ? Time(row.ReadyMs) : row.Ending),
                new Text(row.WriteBytesPerSecond is { } speed ? $"{Amounts.Bytes((long)speed)}/s" : "-"),
                new Text(Time(row.SyncMs))
            );
        }
        return table;
    }

    /// <summary>What the columns mean.</summary>
    public static IReadOnlyList<string> Legend(HostData host, IReadOnlyList<BootData> rows)
    {
        List<string> lines =
        [
            "delivered: kernel + initrd + root. used: MemTotal - MemAvailable at ready; (free): MemTotal - MemFree.",
            "Times are since the kernel's start. "
                + (
                    rows.FirstOrDefault(row => row.WriteBytes > 0) is { } tested
                        ? $"write: a file of {Amounts.Memory(tested.WriteBytes!.Value)} in 1 MiB blocks into /; sync: the sync after it."
                        : "No write test."
                ),
            $"Guest: {Amounts.Memory(host.GuestMemoryBytes)}, {host.GuestCpus} processors. Host: {host.System}, {host.Cpus} processors, "
                + $"QEMU {host.Qemu}, {host.Accelerator} ({host.AcceleratorReason}).",
        ];
        if (host.Accelerator != "KVM")
        {
            lines.Add("Under software emulation times compare only with each other; bytes are as anywhere.");
        }
        return lines;
    }

    private static string Memory(long? bytes) => bytes is { } amount ? Amounts.Memory(amount) : "-";

    private static string Time(double? milliseconds) => milliseconds is { } time ? Amounts.Seconds(TimeSpan.FromMilliseconds(time)) : "-";
}
