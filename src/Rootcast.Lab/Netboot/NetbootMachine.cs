using Rootcast.Contract;
using Rootcast.Images.Tools;
using Rootcast.Lab.Machines;

namespace Rootcast.Lab.Netboot;

/// <summary>Machines that have a network card and nothing else.</summary>
public static class NetbootMachine
{
    /// <summary>iPXE as a kernel (package ipxe).</summary>
    private const string IpxeKernel = "/usr/lib/ipxe/ipxe.lkrn";

    /// <summary>The machine of a number on <see cref="NetbootNetwork.Tap"/>.</summary>
    /// <param name="firmware">What it starts with.</param>
    /// <param name="number">From 0.</param>
    /// <param name="memoryBytes">Its memory.</param>
    /// <exception cref="UserError">This host lacks the firmware.</exception>
    public static Machine Of(NetbootFirmware firmware, int number = 0, long memoryBytes = 1L << 30)
    {
        Machine bios = new()
        {
            MemoryBytes = memoryBytes,
            Tap = new MachineTap(
                NetbootNetwork.Tap(number),
                HasBootRom: firmware == NetbootFirmware.Ipxe,
                $"52:54:00:77:{number >> 8:x2}:{number & 255:x2}"
            ),
        };
        switch (firmware)
        {
            case NetbootFirmware.Ipxe:
                return bios;
            case NetbootFirmware.Pxe:
                Tool.RequireFiles(IpxeKernel);
                // Its command line are commands; the lab's own first word is none.
                return bios with { Kernel = IpxeKernel, CommandLine = "|| set user-class plain && autoboot" };
            default:
                UefiFirmware uefi = UefiFirmware.Find() ?? throw Tool.Missing(UefiFirmware.Places[0].CodePath);
                return bios with
                {
                    Uefi = uefi,
                    FirmwareSettings =
                        firmware == NetbootFirmware.UefiPxe
                            ? []
                            : [new("opt/org.tianocore/IPv4PXESupport", "no"), new("opt/org.tianocore/IPv6Support", "no")],
                };
        }
    }

    /// <summary>QEMU in the machines' namespace: a script, since <see cref="Running.QemuProgram"/> is one program.</summary>
    /// <param name="network">Whose namespace.</param>
    /// <param name="qemu">The program.</param>
    /// <param name="script">Where the script is written.</param>
    public static async Task<Running.QemuProgram> InsideAsync(NetbootNetwork network, Running.QemuProgram qemu, string script)
    {
        await File.WriteAllTextAsync(script, $"#!/bin/sh\nexec ip netns exec {network.Machines} {ShellQuoting.Quote(qemu.Path)} \"$@\"\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return qemu with { Path = script };
    }
}
