using System.Net;
using System.Text;
using Rootcast.Protocols.Dhcp;
using Rootcast.Server.Ipxe;
using Rootcast.Server.ProxyDhcp;

namespace Rootcast.Tests;

/// <summary>Each decision is a function of the message: no sockets here.</summary>
public class ProxyDhcpTests
{
    private static readonly ServerPlace Place = new(
        IPAddress.Parse("10.77.0.1"),
        8080,
        [IpxePrograms.Bios, IpxePrograms.Efi, IpxePrograms.EfiFirmwareDriver],
        HasTftp: true,
        HasEfiProgram: true
    );

    [Theory]
    [InlineData("PXEClient:Arch:00000:UNDI:002001", 0, null, "undionly.kpxe", "BIOS gets iPXE: undionly.kpxe")]
    [InlineData("PXEClient", null, null, "undionly.kpxe", "BIOS gets iPXE: undionly.kpxe")]
    [InlineData("PXEClient:Arch:00007:UNDI:003016", 7, null, "snponly.efi", "UEFI x64 gets iPXE: snponly.efi")]
    [InlineData("PXEClient:Arch:00009:UNDI:003016", 9, null, "snponly.efi", "UEFI x64 gets iPXE: snponly.efi")]
    [InlineData(
        "PXEClient:Arch:00000:UNDI:002001",
        0,
        "iPXE",
        "http://10.77.0.1:8080/boot.ipxe?mac=52:54:00:12:34:56&uuid=${uuid}&serial=${serial:uristring}",
        "iPXE gets its script: http://10.77.0.1:8080/boot.ipxe?mac=52:54:00:12:34:56&uuid=${uuid}&serial=${serial:uristring}"
    )]
    [InlineData(
        "PXEClient:Arch:00011:UNDI:003016",
        11,
        "\u0004iPXE",
        "http://10.77.0.1:8080/boot.ipxe?mac=52:54:00:12:34:56&uuid=${uuid}&serial=${serial:uristring}",
        "iPXE gets its script: http://10.77.0.1:8080/boot.ipxe?mac=52:54:00:12:34:56&uuid=${uuid}&serial=${serial:uristring}"
    )]
    [InlineData(
        "HTTPClient:Arch:00016:UNDI:003001",
        16,
        null,
        "http://10.77.0.1:8080/mac/52-54-00-12-34-56/boot.efi",
        "UEFI HTTP Boot gets kernel and initrd as one program: http://10.77.0.1:8080/mac/52-54-00-12-34-56/boot.efi"
    )]
    [InlineData("PXEClient:Arch:00006:UNDI:003016", 6, null, null, "ignored: architecture 6: no iPXE is made for it")]
    [InlineData(
        "PXEClient:Arch:00011:UNDI:003016",
        11,
        null,
        null,
        "ignored: UEFI arm64: ipxe-arm64.efi of Debian's package ipxe is not here"
    )]
    [InlineData(
        "HTTPClient:Arch:00019:UNDI:003001",
        19,
        null,
        null,
        "ignored: UEFI arm64: ipxe-arm64.efi of Debian's package ipxe is not here"
    )]
    [InlineData("MSFT 5.0", null, null, null, "ignored: not a PXE client")]
    public void WhoAsksGetsWhatItCanLoad(string vendor, int? architecture, string? user, string? file, string reason)
    {
        DhcpMessage request = Message(DhcpMessageType.Discover, vendor, architecture, user);
        DhcpDecision decision = ProxyDhcpRules.Discovered(request, Place);
        Assert.Equal(reason, decision.Reason);
        Assert.Equal(file is not null, decision.Reply is not null);
        if (decision.Reply is { } reply)
        {
            DhcpMessage read = DhcpReader.Read(DhcpWriter.Write(reply));
            Assert.Equal(DhcpMessageType.Offer, read.Type);
            Assert.Equal(file, read.BootFile);
            Assert.Equal(file, read.Text(DhcpOptionCode.BootFileName));
            Assert.Equal("10.77.0.1", read.Text(DhcpOptionCode.TftpServerName));
            Assert.Equal(IPAddress.Any, read.YourAddress);
            Assert.Equal(Place.Address, read.ServerAddress);
            Assert.Equal(Place.Address, read.ServerIdentifier);
            Assert.Equal(request.TransactionId, read.TransactionId);
            Assert.Equal(vendor[..vendor.IndexOf("Client", StringComparison.Ordinal)] + "Client", read.Text(DhcpOptionCode.VendorClass));
            Assert.Equal(request.Data(DhcpOptionCode.ClientMachine), read.Data(DhcpOptionCode.ClientMachine));
            Assert.Equal(new IPEndPoint(IPAddress.Broadcast, 68), decision.Target);
        }
    }

    [Fact]
    public void BiosIsToldToLoadTheFileAndUefiIsLeftToAskAgain()
    {
        DhcpMessage bios = ProxyDhcpRules.Discovered(Message(DhcpMessageType.Discover, "PXEClient", 0), Place).Reply!;
        Assert.Equal([6, 1, 8, 255], bios.Data(DhcpOptionCode.VendorSpecific).ToArray());
        DhcpMessage efi = ProxyDhcpRules.Discovered(Message(DhcpMessageType.Discover, "PXEClient", 7), Place).Reply!;
        Assert.True(efi.Data(DhcpOptionCode.VendorSpecific).IsEmpty);
        DhcpMessage again = Message(DhcpMessageType.Request, "PXEClient", 7) with { ClientAddress = IPAddress.Parse("10.77.0.9") };
        DhcpDecision decision = ProxyDhcpRules.Requested(again, Place);
        Assert.Equal(DhcpMessageType.Acknowledge, decision.Reply!.Type);
        Assert.Equal("snponly.efi", decision.Reply.BootFile);
        // Back to where it came from.
        Assert.Null(decision.Target);
    }

    [Fact]
    public void WhatIsNoQuestionForUsIsIgnored()
    {
        Assert.Equal(
            "ignored: Request is for the DHCP server",
            ProxyDhcpRules.Discovered(Message(DhcpMessageType.Request, "PXEClient", 0), Place).Reason
        );
        Assert.Equal(
            "ignored: a server's message",
            ProxyDhcpRules.Discovered(Message(DhcpMessageType.Offer, "PXEClient", 0) with { IsReply = true }, Place).Reason
        );
        Assert.Equal("ignored: BOOTP", ProxyDhcpRules.Discovered(new DhcpMessage { HardwareAddress = new byte[6] }, Place).Reason);
        Assert.Equal(
            "ignored: a hardware address of 16 bytes",
            ProxyDhcpRules.Discovered(new DhcpMessage { HardwareAddress = new byte[16] }, Place).Reason
        );
        Assert.Equal(
            "ignored: Discover is none for a boot server",
            ProxyDhcpRules.Requested(Message(DhcpMessageType.Discover, "PXEClient", 0), Place).Reason
        );
        Assert.Equal(
            "ignored: BIOS firmware loads by TFTP, which is not served",
            ProxyDhcpRules.Discovered(Message(DhcpMessageType.Discover, "PXEClient", 0), Place with { HasTftp = false }).Reason
        );
    }

    [Fact]
    public void ThroughARelayTheAnswerGoesBackThroughIt()
    {
        DhcpMessage relayed = Message(DhcpMessageType.Discover, "PXEClient", 0) with { RelayAddress = IPAddress.Parse("10.1.0.1") };
        DhcpDecision decision = ProxyDhcpRules.Discovered(relayed, Place);
        Assert.Equal(new IPEndPoint(relayed.RelayAddress, 67), decision.Target);
        Assert.Equal(relayed.RelayAddress, decision.Reply!.RelayAddress);
    }

    [Fact]
    public void MutatedMessagesAreDecidedAboutOrRefused()
    {
        DhcpRules own = new(new AddressPool(AddressRange.Parse("10.77.0.100-10.77.0.101")!.Value, []), 24);
        byte[] sample = DhcpWriter.Write(
            Message(DhcpMessageType.Discover, "PXEClient:Arch:00007", 7, "iPXE") with
            {
                ServerName = "name",
                BootFile = "file",
            }
        );
        Fuzzing.Mutate(
            20_000,
            sample,
            bytes =>
            {
                DhcpMessage message = DhcpReader.Read(bytes);
                DhcpDecision[] decisions =
                [
                    ProxyDhcpRules.Discovered(message, Place),
                    ProxyDhcpRules.Requested(message, Place),
                    own.Take(message, Place, DateTimeOffset.UnixEpoch),
                ];
                foreach (DhcpDecision decision in decisions)
                {
                    Assert.DoesNotContain(decision.Reason, char.IsControl);
                    if (decision.Reply is not null)
                    {
                        DhcpReader.Read(DhcpWriter.Write(decision.Reply));
                    }
                }
            }
        );
    }

    [Fact]
    public void ALongOptionIsNoHarm()
    {
        DhcpMessage request = Message(DhcpMessageType.Discover, "PXEClient", 0);
        request = request with { Options = [.. request.Options, new(DhcpOptionCode.ClientMachine, new byte[60_000])] };
        DhcpDecision decision = ProxyDhcpRules.Discovered(request, Place);
        // Echoed only where it can be what RFC 4578 says.
        Assert.True(DhcpWriter.Write(decision.Reply!).Length < 600);
    }

    internal static DhcpMessage Message(DhcpMessageType type, string vendor, int? architecture, string? user = null)
    {
        List<DhcpOption> options =
        [
            new(DhcpOptionCode.MessageType, new[] { (byte)type }),
            new(DhcpOptionCode.VendorClass, Encoding.ASCII.GetBytes(vendor)),
        ];
        if (architecture is { } number)
        {
            options.Add(new(DhcpOptionCode.ClientArchitecture, new[] { (byte)(number >> 8), (byte)number }));
        }
        if (user is not null)
        {
            options.Add(new(DhcpOptionCode.UserClass, Encoding.ASCII.GetBytes(user)));
        }
        return new DhcpMessage
        {
            TransactionId = 0x1234,
            HardwareAddress = new byte[] { 0x52, 0x54, 0, 0x12, 0x34, 0x56 },
            Options = options,
        };
    }
}
