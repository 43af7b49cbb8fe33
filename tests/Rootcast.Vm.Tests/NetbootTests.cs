using Rootcast.Contract;
using Rootcast.Images.Tools;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Machines;
using Rootcast.Lab.Netboot;
using Rootcast.Lab.Running;

namespace Rootcast.Vm.Tests;

/// <summary>Firmware of others boots from <c>rootcast serve</c> in a network whose DHCP server knows nothing of it.</summary>
public class NetbootTests(GuestLab lab)
{
    [Fact]
    [Trait("tier", "full")]
    public async Task IpxeInACardsRomBoots() => Said(await BootAsync(NetbootFirmware.Ipxe), "iPXE gets its script");

    [Fact]
    [Trait("tier", "full")]
    public async Task APlainPxeRomLoadsIpxeFirst() =>
        Said(await BootAsync(NetbootFirmware.Pxe), "BIOS gets iPXE: undionly.kpxe", "undionly.kpxe: 7", "iPXE gets its script");

    [Fact]
    [Trait("tier", "full")]
    public async Task UefiPxeLoadsIpxeFirst() =>
        Said(await BootAsync(NetbootFirmware.UefiPxe), "UEFI x64 gets iPXE: snponly.efi", "snponly.efi: 1", "iPXE gets its script");

    [Fact]
    [Trait("tier", "full")]
    public async Task UefiHttpBootGetsOneProgram() =>
        Said(await BootAsync(NetbootFirmware.UefiHttp), "UEFI HTTP Boot gets kernel and initrd as one program", "/boot.efi: 200");

    [Fact]
    [Trait("tier", "full")]
    public async Task OnANetworkOfItsOwnItGivesTheAddressToo() =>
        Said(
            await BootAsync(NetbootFirmware.Ipxe, "--listen", "eth0", "--dhcp", "10.77.0.100-10.77.0.150"),
            "given 10.77.0.1",
            "iPXE gets its script"
        );

    /// <summary>What an iPXE runs that has the article's "boot with this script": its three lines, from our server.</summary>
    [Fact]
    [Trait("tier", "full")]
    public async Task TheArticlesOwnScriptBoots()
    {
        Machine machine = MachineOf(NetbootFirmware.Pxe) with
        {
            MemoryBytes = 2L << 30,
            CommandLine = $"|| dhcp && chain http://{NetbootNetwork.ServerAddress}:8080/el6.ipxe",
        };
        Said(await BootAsync(machine, hasTftp: false, "tmpfs"), "GET /el6.ipxe: 200", "/tmpfs/initrd.img: 200");
    }

    /// <summary>The whole of it as one command, with four machines that take turns on a narrow link; nothing of it stays.</summary>
    [Fact]
    [Trait("tier", "full")]
    public async Task TheLabShowsItInOneCommand()
    {
        using LabDirectory directory = new();
        using PublishedProgram program = await LabAsync(
            directory,
            4,
            "--memory",
            "512M",
            "--downloads",
            "1",
            "--form",
            "squashfs",
            "--link",
            "200"
        );
        int code = await program.ExitCode(ServedNetwork.Deadline);
        TestContext.Current.SendDiagnosticMessage(program.Said);
        Assert.True(code == 0, program.Said);
        Said(
            program.Said,
            "node 1   is ready",
            "node 4   is ready",
            "4 of 4 machines got ready",
            "over 200 Mbit/s they take",
            "server   dhcp node 1 on eth0: iPXE gets its script"
        );
        await NothingIsLeftAsync(directory, program);
    }

    /// <summary>Interrupted while machines boot.</summary>
    [Fact]
    [Trait("tier", "full")]
    public async Task AnInterruptedLabLeavesNothing()
    {
        using LabDirectory directory = new();
        using PublishedProgram program = await LabAsync(directory, 2, "--memory", "512M");
        await program.UntilItSays("node 2   switched on", ServedNetwork.Deadline);
        await program.Signal("INT");
        Assert.Equal(130, await program.ExitCode(ServedNetwork.Deadline));
        await NothingIsLeftAsync(directory, program);
    }

    private async Task<PublishedProgram> LabAsync(LabDirectory directory, int nodes, params string[] options)
    {
        ServedNetwork.Needs();
        string image = (await lab.ImageAsync(Recipes.Debian)).Manifest.Name;
        Dictionary<string, string> environment = new(StringComparer.Ordinal) { ["ROOTCAST_STORE"] = lab.Store.Directory };
        return PublishedProgram.Start(directory.Path, environment, ["lab", "netboot", image, "--nodes", $"{nodes}", .. options]);
    }

    /// <summary>Neither files nor namespaces of that process.</summary>
    private static async Task NothingIsLeftAsync(LabDirectory directory, PublishedProgram program)
    {
        Assert.Empty(Directory.GetFileSystemEntries(directory.Path));
        string namespaces = await new Tool("ip", "netns", "list").ReadAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotMatch($"(?m)^rc[smd]{program.Id}\\b", namespaces);
        // dnsmasq, rootcast serve and QEMU have its environment.
        foreach (string place in Directory.GetDirectories("/proc").Where(place => char.IsAsciiDigit(place[6])))
        {
            Assert.DoesNotContain(directory.Path, EnvironmentOf(place), StringComparison.Ordinal);
        }
    }

    private static string EnvironmentOf(string process)
    {
        try
        {
            return File.ReadAllText(process + "/environ");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile, or belongs to who made this machine: what the lab starts can be read.
            return "";
        }
    }

    private static Machine MachineOf(NetbootFirmware firmware)
    {
        try
        {
            return NetbootMachine.Of(firmware);
        }
        catch (UserError missing)
        {
            Assert.Skip(missing.Message);
            throw;
        }
    }

    /// <summary>What we sent, in the eyes of Wireshark: known protocols, and nothing malformed.</summary>
    private static async Task JudgeAsync(string capture, bool hasTftp)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        string ours = $"ip.src == {NetbootNetwork.ServerAddress}";
        Assert.NotEqual("", await Packets("dhcp"));
        Assert.Equal(hasTftp, await Packets("tftp.opcode == 3") != "");
        Assert.Equal("", await Packets("(_ws.malformed || _ws.expert.severity >= 8388608)"));

        async Task<string> Packets(string filter) =>
            await new Tool("tshark", "-r", capture, "-Y", $"{ours} && {filter}").ReadAsync(cancellation);
    }

    /// <summary>Boots a machine to ready; what the server said.</summary>
    private Task<string> BootAsync(NetbootFirmware firmware, params string[] options) =>
        BootAsync(MachineOf(firmware), firmware is NetbootFirmware.Pxe or NetbootFirmware.UefiPxe, "squashfs", options);

    private async Task<string> BootAsync(Machine machine, bool hasTftp, string form, params string[] options)
    {
        ServedNetwork.Needs();
        string image = (await lab.ImageAsync(Recipes.Debian)).Manifest.Name;
        await using ServedNetwork served = await ServedNetwork.MakeAsync(lab, hasDhcp: !options.Contains("--dhcp"));
        string capture = served.File("packets");
        bool isJudged = Tool.Find("tshark") is not null;
        Func<Task> endCapture = isJudged ? await served.Network.CaptureAsync(capture) : () => Task.CompletedTask;
        await served.ServeAsync([image, "--form", form, .. options]);
        BootReport report = await served.BootAsync(machine);
        if (!report.Ready)
        {
            Assert.Fail($"{Expect.Describe(report)}\nthe server said:\n{served.Server.Said}\ndnsmasq said:\n{served.Network.Said}");
        }
        await endCapture();
        if (isJudged)
        {
            await JudgeAsync(capture, hasTftp);
        }
        await served.EndAsync();
        return served.Server.Said;
    }

    private static void Said(string log, params string[] texts) =>
        Assert.All(texts, text => Assert.Contains(text, log, StringComparison.Ordinal));
}
