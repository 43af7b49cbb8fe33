using System.Text.Json;
using Rootcast.Cli.Data;
using Rootcast.Contract;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Running;
using Spectre.Console;

namespace Rootcast.Tests;

public class TryDataTests
{
    private static readonly HostData Host = new(
        System: "Debian GNU/Linux 12 (bookworm)",
        Kernel: "6.1.0",
        Cpus: 2,
        MemoryBytes: 8L << 30,
        Qemu: "10.0.2",
        Accelerator: "TCG",
        AcceleratorReason: "there is no /dev/kvm",
        GuestMemoryBytes: 2L << 30,
        GuestCpus: 2,
        Rootcast: "0.1.0"
    );

    [Fact]
    public void TheNamesThatOthersBuildOnAreThere()
    {
        TryData data = new(Host, [Ready()]);
        using JsonDocument json = JsonDocument.Parse(JsonSerializer.SerializeToUtf8Bytes(data, CliJson.Default.TryData));
        Assert.Equal(JsonValueKind.Object, json.RootElement.GetProperty("host").ValueKind);
        JsonElement row = json.RootElement.GetProperty("rows")[0];
        Assert.Equal("squashfs", row.GetProperty("form").GetString());
        Assert.Equal("http", row.GetProperty("carrier").GetString());
        Assert.True(row.GetProperty("ready").GetBoolean());
        Assert.Equal(120_000_000, row.GetProperty("deliveredBytes").GetInt64());
        Assert.Equal(500 << 10, row.GetProperty("memoryUsed").GetInt64());
        Assert.Equal(1500 << 10, row.GetProperty("memoryUsedFree").GetInt64());
        Assert.Equal(2000, row.GetProperty("kernelToInitMs").GetDouble());
        Assert.Equal(2500, row.GetProperty("rootMountedMs").GetDouble());
        Assert.Equal(2600.5, row.GetProperty("switchRootMs").GetDouble());
        Assert.Equal(9000, row.GetProperty("readyMs").GetDouble());
        Assert.Equal(419430400, row.GetProperty("writeBytesPerSecond").GetDouble());
        Assert.Equal(3, row.GetProperty("syncMs").GetDouble());
    }

    [Fact]
    public void TheTableShowsEachRowAndWhatItsColumnsMean()
    {
        BootData ready = Ready();
        BootData failed = ready with { Form = "ramdisk", Ready = false, Ending = "failed", MemoryUsed = null, SyncMs = null };
        using StringWriter text = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 200;
        console.Write(TryTable.Of([ready, failed]));
        string[] lines = [.. text.ToString().Split('\n').Where(line => line.Trim().Length > 0)];
        Assert.Equal(
            ["squashfs", "http", "120.0 MB", "0 MiB", "1 MiB", "2.00 s", "2.50 s", "2.60 s", "9.00 s", "419.4 MB/s", "0.00 s"],
            lines[2].Split("  ", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        );
        Assert.Contains("failed", lines[3], StringComparison.Ordinal);
        Assert.Contains(TryTable.Legend(Host, [ready]), line => line.Contains("200 MiB", StringComparison.Ordinal));
        Assert.Contains(TryTable.Legend(Host, []), line => line.Contains("No write test", StringComparison.Ordinal));
    }

    private static BootData Ready()
    {
        BootRecorder recorder = new(Marks.Ready);
        string[] lines =
        [
            "mark init-start 2000000000",
            "mark root-mounted 2500000000",
            "mark switch-root 2600500000",
            "mark ready 9000000000",
            "memory MemTotal: 2000 kB",
            "memory MemFree: 500 kB",
            "memory MemAvailable: 1500 kB",
            "write 209715200 500000000",
            "sync 3000000",
            "done",
        ];
        foreach (string line in lines)
        {
            recorder.Take(new MachineEvent(MachineEventKind.Said, GuestEvent.Parse(line)));
        }
        BootReport report = recorder.Report(BootEnding.Reached, "/log") with { DeliveredBytes = 120_000_000 };
        return BootData.Of(Form.Squashfs, Carrier.Http, report);
    }
}
