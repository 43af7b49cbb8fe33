using Rootcast.Contract;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Machines;
using Rootcast.Lab.Running;

namespace Rootcast.Vm.Tests;

/// <summary>Firmware of others boots from <c>rootcast serve</c> in a network whose DHCP server knows nothing of it.</summary>
public class NetbootTests(GuestLab lab)
{
    private const string Ipxe = "/usr/lib/ipxe/ipxe.lkrn";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(8);

    private static Machine Bios => new() { MemoryBytes = 1L << 30, Tap = new MachineTap(NetbootNetwork.Tap, HasBootRom: true) };

    [Fact]
    [Trait("tier", "full")]
    public async Task IpxeInACardsRomBoots() => Said(await BootAsync(Bios), "iPXE gets its script");

    [Fact]
    [Trait("tier", "full")]
    public async Task APlainPxeRomLoadsIpxeFirst()
    {
        Assert.SkipUnless(File.Exists(Ipxe), $"{Ipxe} is not there (package ipxe)");
        // No free PXE ROM is to be had, so an iPXE that does not say that it is one. Its command line are commands; the lab's own first word is none.
        string log = await BootAsync(
            Bios with
            {
                Kernel = Ipxe,
                CommandLine = "|| set user-class plain && autoboot",
                Tap = new MachineTap(NetbootNetwork.Tap, HasBootRom: false),
            }
        );
        Said(log, "BIOS gets iPXE: undionly.kpxe", "undionly.kpxe: 7", "iPXE gets its script");
    }

    [Fact]
    [Trait("tier", "full")]
    public async Task UefiPxeLoadsIpxeFirst() =>
        Said(await BootAsync(Uefi()), "UEFI x64 gets iPXE: snponly.efi", "snponly.efi: 1", "iPXE gets its script");

    [Fact]
    [Trait("tier", "full")]
    public async Task UefiHttpBootGetsOneProgram() =>
        Said(
            await BootAsync(
                Uefi() with
                {
                    FirmwareSettings = [new("opt/org.tianocore/IPv4PXESupport", "no"), new("opt/org.tianocore/IPv6Support", "no")],
                }
            ),
            "UEFI HTTP Boot gets kernel and initrd as one program",
            "/boot.efi: 200"
        );

    [Fact]
    [Trait("tier", "full")]
    public async Task OnANetworkOfItsOwnItGivesTheAddressToo() =>
        Said(await BootAsync(Bios, "--listen", "eth0", "--dhcp", "10.77.0.100-10.77.0.150"), "given 10.77.0.1", "iPXE gets its script");

    private static Machine Uefi()
    {
        UefiFirmware? firmware = UefiFirmware.Find();
        Assert.SkipUnless(firmware is not null, "there is no UEFI firmware for virtual machines (package ovmf)");
        return Bios with { Uefi = firmware, Tap = new MachineTap(NetbootNetwork.Tap, HasBootRom: false) };
    }

    /// <summary>Boots a machine to ready; what the server said.</summary>
    private async Task<string> BootAsync(Machine machine, params string[] options)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        string image = (await lab.ImageAsync(Recipes.Debian)).Manifest.Name;
        using KeptNames kept = new(lab.Store);
        await using NetbootNetwork network = await NetbootNetwork.MakeAsync(hasDhcp: !options.Contains("--dhcp"));
        using LabDirectory directory = new();
        QemuProgram qemu = await QemuProgram.RequireAsync(cancellation);
        string inside = directory.File("qemu");
        await File.WriteAllTextAsync(inside, $"#!/bin/sh\nexec ip netns exec {network.Machines} {qemu.Path} \"$@\"\n", cancellation);
        File.SetUnixFileMode(inside, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Dictionary<string, string> environment = new(StringComparer.Ordinal) { ["ROOTCAST_STORE"] = lab.Store.Directory };
        using PublishedProgram server = PublishedProgram.StartIn(
            network.Server,
            directory.Path,
            environment,
            // Without the argument a kernel under TCG panics now and then on a busy host: its timer comes too late.
            [
                "serve",
                image,
                "--state",
                directory.File("state"),
                "--form",
                "squashfs",
                "--append",
                "console=ttyS0 panic=-1 no_timer_check",
                .. options,
            ]
        );
        await server.UntilItSays("serving on", Deadline);
        string log = Path.Combine(Checkout.State, "console", $"netboot-{Guid.NewGuid():N}.log");
        BootRun run = new(qemu with { Path = inside }, new BootWatch(Marks.Ready, Deadline));
        BootReport report = await run.BootAsync(machine, directory.MachineFiles(log), cancellation);
        TestContext.Current.SendDiagnosticMessage(server.Said);
        if (!report.Ready)
        {
            Assert.Fail($"{Expect.Describe(report)}\nthe server said:\n{server.Said}\ndnsmasq said:\n{network.Said}");
        }
        await server.Signal("TERM");
        Assert.Equal(0, await server.ExitCode(Deadline));
        return server.Said;
    }

    private static void Said(string log, params string[] texts) =>
        Assert.All(texts, text => Assert.Contains(text, log, StringComparison.Ordinal));
}
