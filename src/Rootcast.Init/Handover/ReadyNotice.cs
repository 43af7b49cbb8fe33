using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Rootcast.Contract;
using Rootcast.Formats.Elf;
using Rootcast.Init.Journal;
using Rootcast.Linux.Files;
using Rootcast.Protocols.Http;

namespace Rootcast.Init.Handover;

/// <summary>
/// Tells the server of <c>rootcast.report=</c> that the tree's default target is reached: a unit below /run, and a program of one page which sends one request
/// that is written beforehand, with /proc/uptime in it. The tree needs no program and no shell for it, and no name service. Trees without systemd go without.
/// </summary>
public static class ReadyNotice
{
    /// <summary>What the unit is called.</summary>
    public const string UnitName = "rootcast-report.service";

    /// <summary>Where the program is.</summary>
    public const string Program = InitramfsPaths.RunDirectory + "/report-ready";

    // asm/unistd_64.h
    private const uint Read = 0;
    private const uint Write = 1;
    private const uint Open = 2;
    private const uint Duplicate = 33;
    private const uint Alarm = 37;
    private const uint Socket = 41;
    private const uint Connect = 42;
    private const uint Exit = 60;

    private const int Stream = 1;
    private const int Connection = 9;
    private const int UptimeBytes = 32;
    private const int Patience = 10;

    // Tried again where the tree's network is not up yet, or the server is being restarted.
    private const string UnitText = $"""
        [Unit]
        Description=Tell the boot server that this machine is ready
        After=default.target multi-user.target graphical.target network-online.target
        Before={ReadyScript.UnitName}
        StartLimitIntervalSec=900
        StartLimitBurst=60

        [Service]
        Type=oneshot
        ExecStart={Program}
        Restart=on-failure
        RestartSec=2
        TimeoutStartSec=30

        """;

    /// <summary>Places unit and program.</summary>
    /// <param name="journal">Whose report this is.</param>
    /// <param name="plan">What was carried out.</param>
    public static void Place(BootJournal journal, BootPlan plan)
    {
        if (BootReport.UrlOf(plan) is not { } url || AddressOf(journal, url) is not { } address)
        {
            return;
        }
        SmallFile.Write(Program, File(url, address, journal.UnreportedMarks()), 0x1ED);
        RunUnit.Place(UnitName, UnitText);
    }

    /// <summary>The executable file, for x86-64.</summary>
    /// <param name="url">What is reported to.</param>
    /// <param name="address">Of its host.</param>
    /// <param name="marks">Lines that the server has not got yet.</param>
    public static byte[] File(HttpUrl url, IPAddress address, string marks)
    {
        byte[] start = Encoding.UTF8.GetBytes(marks + "uptime ");
        byte[] uptime = Encoding.ASCII.GetBytes(new string(' ', UptimeBytes));
        byte[] head = HttpRequestWriter.Post(url, start.Length + uptime.Length);
        byte[] socketAddress = SocketAddress(address, url.Port);
        SystemCallProgram program = new();
        uint request = program.Data([.. head, .. start]);
        uint place = program.Data(uptime);
        uint target = program.Data(socketAddress);
        uint answer = program.Data(new byte[16]);
        // Nothing may stay for ever, whatever the network does.
        program.Call(Alarm, Patience);
        program.Call(Open, program.Text("/proc/uptime"));
        program.Call(Read, CallArgument.Result, place, UptimeBytes);
        program.Call(Socket, (uint)BinaryPrimitives.ReadUInt16LittleEndian(socketAddress), Stream);
        program.Call(Duplicate, CallArgument.Result, Connection);
        program.Call(Connect, Connection, target, socketAddress.Length);
        program.Keep();
        program.WhenKeptIsZero(() =>
        {
            program.Call(Write, Connection, request, head.Length + start.Length + uptime.Length);
            program.Call(Read, Connection, answer, 16);
            // Taken (2xx), or not known there (4xx). With all else a balancer speaks for a server that is gone: RFC 9112 section 4 has the status after "HTTP/1.1 ".
            program.WhenByteIs(answer + 9, '2', () => program.Call(Exit, 0));
            program.WhenByteIs(answer + 9, '4', () => program.Call(Exit, 0));
        });
        program.Call(Exit, 1);
        return program.ToFile();
    }

    private static IPAddress? AddressOf(BootJournal journal, HttpUrl url) =>
        journal.Report?.Address ?? (IPAddress.TryParse(url.Host, out IPAddress? literal) ? literal : null);

    /// <summary>sockaddr_in of ip(7), or sockaddr_in6 of ipv6(7).</summary>
    private static byte[] SocketAddress(IPAddress address, int port)
    {
        const ushort inet = 2;
        const ushort inet6 = 10;
        bool isIpv4 = address.AddressFamily == AddressFamily.InterNetwork;
        byte[] bytes = new byte[isIpv4 ? 16 : 28];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, isIpv4 ? inet : inet6);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)port);
        address.GetAddressBytes().CopyTo(bytes, isIpv4 ? 4 : 8);
        return bytes;
    }
}
