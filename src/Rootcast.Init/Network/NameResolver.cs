using System.Net;
using Rootcast.Contract;
using Rootcast.Linux;
using Rootcast.Linux.Network;
using Rootcast.Protocols.Dns;

namespace Rootcast.Init.Network;

/// <summary>Finds IPv4 addresses of names by DNS over UDP: a static glibc has no name-service switch.</summary>
/// <param name="servers">The best first.</param>
/// <param name="domain">Where a name without a dot is looked up first.</param>
/// <param name="firstWait">How long a server has for its first answer; each round doubles it. Default: one second.</param>
/// <param name="port">Of the servers.</param>
public sealed class NameResolver(IReadOnlyList<IPAddress> servers, string? domain, TimeSpan? firstWait = null, int port = 53)
{
    private const int Rounds = 3;
    private const int LongestAnswer = 4096;

    /// <summary>The addresses of a host; at least one.</summary>
    /// <param name="host">Name or IPv4 address.</param>
    /// <exception cref="UserError">There is no such name, it has no IPv4 address, or there is nobody to ask.</exception>
    /// <exception cref="IOException">No server answered; later one may.</exception>
    public IReadOnlyList<IPAddress> Resolve(string host)
    {
        if (Ipv4Text.Parse(host) is { } address)
        {
            return [address];
        }
        if (servers.Count == 0)
        {
            throw new UserError(
                $"host name {host} cannot be looked up: neither DHCP nor ip= names a DNS server",
                "Write an address into rootcast.url=, or give a DNS server by DHCP or as DNS0 in ip=."
            );
        }
        bool isShort = !host.Contains('.', StringComparison.Ordinal);
        IReadOnlyList<IPAddress> found = isShort && domain is not null ? Ask($"{host}.{domain}") : [];
        found = found.Count > 0 ? found : Ask(host);
        return found.Count > 0
            ? found
            : throw new UserError(
                $"host name {host}{(isShort && domain is not null ? $" (also {host}.{domain})" : "")} has no IPv4 address, says DNS server "
                    + string.Join(", ", servers),
                "Check the name in rootcast.url=, or write an address there."
            );
    }

    /// <summary>Asks the servers in turn, in rounds, until one knows; nothing when it knows that there is nothing.</summary>
    private IReadOnlyList<IPAddress> Ask(string name)
    {
        TimeSpan wait = firstWait ?? TimeSpan.FromSeconds(1);
        string last = "no answer";
        for (int round = 0; round < Rounds; round++, wait *= 2)
        {
            foreach (IPAddress server in servers)
            {
                try
                {
                    DnsMessage answer = Ask(server, name, wait);
                    if (answer.ResponseCode is DnsResponseCode.NoError or DnsResponseCode.NameError)
                    {
                        return answer.AddressesOf(name, DnsRecordType.A);
                    }
                    last = $"{server} says {answer.ResponseCode}";
                }
                catch (LinuxException error)
                {
                    last = error.Message;
                }
                catch (InvalidDataException error)
                {
                    last = $"{server}: {error.Message}";
                }
                catch (FormatException error)
                {
                    throw new UserError(error.Message, "Check the name in rootcast.url=.");
                }
            }
        }
        throw new IOException($"host name {name}: none of the DNS servers {string.Join(", ", servers)} answers ({last})");
    }

    private DnsMessage Ask(IPAddress server, string name, TimeSpan wait)
    {
        ushort id = (ushort)Random.Shared.Next(65_536);
        byte[] query = DnsWriter.Query(id, name, DnsRecordType.A);
        using InternetSocket socket = InternetSocket.ConnectUdp(server, port);
        socket.Write(query, wait);
        byte[] buffer = new byte[LongestAnswer];
        TimeSpan end = Linux.Events.BootClock.Now + wait;
        while (true)
        {
            TimeSpan left = end - Linux.Events.BootClock.Now;
            int length = socket.Read(buffer, left > TimeSpan.Zero ? left : TimeSpan.Zero);
            DnsMessage answer = DnsReader.Read(buffer.AsSpan(0, length));
            // Anything else is late, or not from whom it says.
            if (answer.IsResponse && answer.Id == id && IsFor(answer, name))
            {
                return answer;
            }
        }
    }

    private static bool IsFor(DnsMessage answer, string name) =>
        answer.QuestionName is null || answer.QuestionName.AsSpan().Equals(name.AsSpan().TrimEnd('.'), StringComparison.OrdinalIgnoreCase);
}
