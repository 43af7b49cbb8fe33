using System.Runtime.CompilerServices;
using Rootcast.Lab.Machines;

namespace Rootcast.Tests;

public class QemuArgumentsTests
{
    private static readonly MachineFiles Files = new("/run/a,b/events.sock", "/run/a,b/qmp.sock", "/run/a,b/console.log");

    [Fact]
    public void AMachineWithEverythingIsAsTheGoldenSays()
    {
        Machine machine = new()
        {
            Kernel = "/store/vmlinuz",
            Initrd = "/store/initrd",
            CommandLine = "rootcast.form=squashfs panic=-1",
            MemoryBytes = 512L << 20,
            Cpus = 3,
            MemoryNodes = 2,
            Disks =
            [
                new MachineDisk("/store/a,b"),
                new MachineDisk("/store/c", DiskBus.Sata),
                new MachineDisk("/store/d", DiskBus.Nvme),
                new MachineDisk("/store/e", DiskBus.Usb),
                new MachineDisk("/store/f", DiskBus.Usb),
                new MachineDisk("/disks/g", IsWritable: true),
            ],
            Networks = [MachineNetwork.User, MachineNetwork.Blocked, MachineNetwork.Silent],
        };
        Assert.Equal(Golden("machine-with-everything.txt"), Lines(machine));
    }

    [Fact]
    public void AConsoleOnTheTerminalUnderKvmIsAsTheGoldenSays()
    {
        Machine machine = new()
        {
            Kernel = "/store/vmlinuz",
            Console = ConsoleMode.Terminal,
            Accelerator = Accelerator.Kvm,
        };
        Assert.Equal(Golden("machine-on-the-terminal.txt"), Lines(machine));
    }

    [Fact]
    public void AMachineThatBootsFromACdUnderUefiIsAsTheGoldenSays()
    {
        Machine machine = new()
        {
            Uefi = new UefiFirmware("/ovmf/code", "/ovmf/variables"),
            Disks = [new MachineDisk("/disks/image.iso", DiskBus.Cd), new MachineDisk("/disks/disk", IsWritable: true)],
        };
        Assert.Equal(Golden("machine-from-a-cd.txt"), Lines(machine));
    }

    [Fact]
    public void AMachineThatBootsFromATapIsAsTheGoldenSays()
    {
        Machine machine = new()
        {
            Uefi = new UefiFirmware("/ovmf/code", "/ovmf/variables"),
            Tap = new MachineTap("tap0", HasBootRom: false),
            FirmwareSettings = [new("opt/org.tianocore/IPv4PXESupport", "no")],
        };
        Assert.Equal(Golden("machine-from-a-tap.txt"), Lines(machine));
        machine = machine with { Kernel = "/store/vmlinuz", Tap = new MachineTap("tap0", HasBootRom: true) };
        Assert.EndsWith("\n-device virtio-net-pci,netdev=tap\n", Lines(machine), StringComparison.Ordinal);
    }

    [Fact]
    public void AMachineThatIsMeasuredIsAsTheGoldenSays()
    {
        Machine machine = new()
        {
            Kernel = "/store/vmlinuz",
            Work = new GuestWork("echo"),
            CountsTouched = true,
        };
        MachineFiles files = Files with { WorkSocket = "/run/a,b/work.sock", ProcessFile = "/run/a,b/process" };
        Assert.Equal(Golden("machine-that-is-measured.txt"), Lines(machine, files));
    }

    private static string Lines(Machine machine, MachineFiles? files = null)
    {
        IReadOnlyList<string> arguments = QemuArguments.For(machine, files ?? Files);
        // An option and its value share a line, as a person would write them.
        System.Text.StringBuilder text = new();
        for (int i = 0; i < arguments.Count; i++)
        {
            bool opens = arguments[i].StartsWith('-');
            text.Append(opens && i > 0 ? "\n" : "").Append(opens ? "" : " ").Append(arguments[i]);
        }
        return text.Append('\n').ToString();
    }

    private static string Golden(string name, [CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, name));
}
