using System.Globalization;
using Rootcast.Contract;

namespace Rootcast.Lab.Machines;

/// <summary>A machine as the arguments of qemu-system-x86_64. A pure function: the golden beside its test is all it does.</summary>
public static class QemuArguments
{
    /// <summary>The arguments; QEMU connects to the sockets of <paramref name="files"/>, on which someone listens.</summary>
    public static IReadOnlyList<string> For(Machine machine, MachineFiles files)
    {
        List<string> arguments =
        [
            "-nodefaults",
            "-no-user-config",
            "-machine",
            "q35",
            "-accel",
            machine.Accelerator == Accelerator.Kvm ? "kvm" : "tcg,thread=multi",
            "-cpu",
            machine.Accelerator == Accelerator.Kvm ? "host" : "max",
            "-smp",
            Number(machine.Cpus),
            "-m",
            $"{Number(machine.MemoryBytes >> 20)}M",
            "-display",
            "none",
            // A guest that restarts has ended: what comes next would be another boot.
            "-no-reboot",
        ];
        if (machine.Id is { } id)
        {
            arguments.AddRange(["-uuid", id.ToString()]);
        }
        AddMemory(arguments, machine, files);
        AddFirmware(arguments, machine);
        AddControl(arguments, machine, files);
        for (int i = 0; i < machine.Disks.Count; i++)
        {
            AddDisk(arguments, machine.Disks[i], i, isBooted: machine.Kernel is null && i == 0);
        }
        for (int i = 0; i < machine.Networks.Count; i++)
        {
            AddNetwork(arguments, machine.Networks[i], i);
        }
        if (machine.Tap is { } tap)
        {
            AddTap(arguments, tap, isBooted: machine.Kernel is null);
        }
        return arguments;
    }

    private static void AddMemory(List<string> arguments, Machine machine, MachineFiles files)
    {
        if (machine.CountsTouched)
        {
            // A file without a name, by pages: as anonymous memory QEMU asks for huge ones, and one touched byte would count as 2 MiB.
            string size = $"{Number(machine.MemoryBytes >> 20)}M";
            arguments.AddRange(["-object", $"memory-backend-memfd,id=memory,size={size},share=on", "-machine", "memory-backend=memory"]);
            arguments.AddRange(["-pidfile", files.ProcessFile!]);
        }
        int nodes = machine.MemoryNodes;
        for (int node = 0; nodes > 1 && node < nodes; node++)
        {
            int first = machine.Cpus * node / nodes;
            int last = (machine.Cpus * (node + 1) / nodes) - 1;
            string megabytes = Number((machine.MemoryBytes >> 20) / nodes);
            arguments.AddRange(["-object", $"memory-backend-ram,id=memory{Number(node)},size={megabytes}M"]);
            arguments.AddRange(["-numa", $"node,nodeid={Number(node)},memdev=memory{Number(node)},cpus={Number(first)}-{Number(last)}"]);
        }
    }

    private static void AddFirmware(List<string> arguments, Machine machine)
    {
        if (machine.Uefi is { } uefi)
        {
            // What the firmware writes into its variables is thrown away.
            arguments.AddRange(["-drive", $"if=pflash,format=raw,unit=0,readonly=on,file={Escape(uefi.CodePath)}"]);
            arguments.AddRange(["-drive", $"if=pflash,format=raw,unit=1,snapshot=on,file={Escape(uefi.VariablesPath)}"]);
        }
        foreach ((string name, string value) in machine.FirmwareSettings)
        {
            arguments.AddRange(["-fw_cfg", $"name={Escape(name)},string={Escape(value)}"]);
        }
        if (machine.Kernel is null)
        {
            return;
        }
        arguments.AddRange(["-kernel", machine.Kernel]);
        if (machine.Initrd is not null)
        {
            arguments.AddRange(["-initrd", machine.Initrd]);
        }
        arguments.AddRange(["-append", $"console=ttyS0 {machine.CommandLine}".TrimEnd()]);
    }

    private static void AddControl(List<string> arguments, Machine machine, MachineFiles files)
    {
        string log = Escape(files.ConsoleLog);
        arguments.AddRange(
            files.ConsoleSocket is { } console ? ["-chardev", $"socket,id=console,path={Escape(console)},logfile={log}"]
            : machine.Console == ConsoleMode.Terminal
                ? ["-chardev", $"stdio,id=console,mux=on,signal=off,logfile={log}", "-mon", "chardev=console,mode=readline"]
            : ["-chardev", $"file,id=console,path={log}"]
        );
        arguments.AddRange([
            "-serial",
            "chardev:console",
            "-chardev",
            $"socket,id=qmp,path={Escape(files.ControlSocket)}",
            "-mon",
            "chardev=qmp,mode=control",
            "-device",
            "virtio-serial-pci",
            "-chardev",
            $"socket,id=events,path={Escape(files.EventSocket)}",
            "-device",
            $"virtserialport,chardev=events,name={GuestEvent.Port}",
            // Debian's sshd makes its keys at the first boot; without a source of randomness an old kernel makes it wait.
            "-device",
            "virtio-rng-pci",
        ]);
        if (machine.Work is not null)
        {
            arguments.AddRange(["-chardev", $"socket,id=work,path={Escape(files.WorkSocket!)}"]);
            arguments.AddRange(["-device", $"virtserialport,chardev=work,name={GuestEvent.WorkPort}"]);
        }
    }

    private static void AddDisk(List<string> arguments, MachineDisk disk, int index, bool isBooted)
    {
        string id = $"disk{Number(index)}";
        // An IDE disk can't be read-only in QEMU; there writes go to a temporary file that is deleted at once.
        string protection =
            disk.IsWritable ? "discard=unmap"
            : disk.Bus == DiskBus.Sata ? "snapshot=on"
            : "readonly=on";
        string device = disk.Bus switch
        {
            DiskBus.Sata => $"ide-hd,drive={id},bus=ide.{Number(index)}",
            DiskBus.Cd => $"ide-cd,drive={id},bus=ide.{Number(index)}",
            DiskBus.Nvme => $"nvme,drive={id},serial={id}",
            DiskBus.Usb => $"usb-storage,drive={id},bus=xhci.0",
            _ => $"virtio-blk-pci,drive={id},serial={id}",
        };
        if (disk.Bus == DiskBus.Usb && !arguments.Contains("qemu-xhci,id=xhci"))
        {
            arguments.AddRange(["-device", "qemu-xhci,id=xhci"]);
        }
        arguments.AddRange([
            "-drive",
            $"if=none,id={id},format=raw,file={Escape(disk.Path)},{protection}",
            "-device",
            isBooted ? $"{device},bootindex=0" : device,
        ]);
    }

    private static void AddNetwork(List<string> arguments, MachineNetwork network, int index)
    {
        string id = $"net{Number(index)}";
        string backend = network switch
        {
            MachineNetwork.Blocked => $"user,id={id},restrict=on",
            MachineNetwork.Silent => $"hubport,id={id},hubid={Number(index)}",
            _ => $"user,id={id}",
        };
        arguments.AddRange(["-netdev", backend, "-device", $"virtio-net-pci,netdev={id},romfile="]);
    }

    private static void AddTap(List<string> arguments, MachineTap tap, bool isBooted)
    {
        string rom = tap.HasBootRom ? "" : ",romfile=";
        string boot = isBooted ? ",bootindex=0" : "";
        string address = tap.HardwareAddress is { } own ? $",mac={own}" : "";
        arguments.AddRange(["-netdev", $"tap,id=tap,ifname={Escape(tap.Link)},script=no,downscript=no"]);
        arguments.AddRange(["-device", $"virtio-net-pci,netdev=tap{boot}{rom}{address}"]);
    }

    /// <summary>In QEMU's option lists a comma in a value is written twice.</summary>
    private static string Escape(string path) => path.Replace(",", ",,", StringComparison.Ordinal);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
