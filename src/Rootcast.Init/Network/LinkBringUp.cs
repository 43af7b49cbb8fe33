using System.Runtime.InteropServices;
using Rootcast.Contract;
using Rootcast.Linux;
using Rootcast.Linux.Events;
using Rootcast.Linux.Network;

namespace Rootcast.Init.Network;

/// <summary>Brings all links up side by side, and configures the first on which somebody answers. Waits for events: devices, carriers, packets.</summary>
/// <param name="ip">What <c>ip=</c> says.</param>
/// <param name="findLinks">The links that may be used, asked again after every event.</param>
/// <param name="say">For the log.</param>
/// <param name="deviceEvents">Can be read when a device has come; null when none will.</param>
public sealed class LinkBringUp(IpArgument ip, Func<IReadOnlyList<NetworkLink>> findLinks, Action<string> say, SafeHandle? deviceEvents)
    : IDisposable
{
    /// <summary>What one poll can wait for, less the two sockets of events.</summary>
    private const int MostLinks = 62;
    private readonly RouteSocket kernel = RouteSocket.Open();
    private readonly LinkEvents changes = LinkEvents.Open();
    private readonly List<LinkAttempt> attempts = [];

    /// <summary>Does it.</summary>
    /// <param name="timeout">How long at most.</param>
    /// <exception cref="UserError">No link answered; says what each was asked.</exception>
    public ConfiguredLink Run(TimeSpan timeout)
    {
        TimeSpan end = BootClock.Now + timeout;
        while (true)
        {
            Look();
            TimeSpan now = BootClock.Now;
            foreach (LinkAttempt attempt in attempts)
            {
                if (Try(attempt, now) is { } configured)
                {
                    return configured;
                }
            }
            TimeSpan until = end;
            foreach (LinkAttempt attempt in attempts)
            {
                until = attempt.Due is { } due && due < until ? due : until;
            }
            now = BootClock.Now;
            if (now >= end)
            {
                throw NoAnswer(timeout);
            }
            Wait(until > now ? until - now : TimeSpan.Zero);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (LinkAttempt attempt in attempts)
        {
            attempt.Dispose();
        }
        changes.Dispose();
        kernel.Dispose();
    }

    /// <summary>Takes in the links as they are now, and brings up those that are new.</summary>
    private void Look()
    {
        changes.Drain();
        foreach (NetworkLink link in findLinks())
        {
            if (ip.Device is { } device && device != link.Name)
            {
                continue;
            }
            LinkAttempt? known = attempts.Find(attempt => attempt.Link.Index == link.Index);
            if (known is null && attempts.Count < MostLinks)
            {
                say($"brings up {link.Name} ({link.Driver ?? "no device"}, {link.HardwareAddressText})");
                attempts.Add(BringUp(link));
            }
            else if (known is not null && known.Link != link)
            {
                if (known.Link.HasCarrier != link.HasCarrier)
                {
                    say($"{link.Name} {(link.HasCarrier ? "has a carrier" : "lost its carrier")}");
                }
                known.Link = link;
            }
        }
    }

    private LinkAttempt BringUp(NetworkLink link)
    {
        try
        {
            kernel.BringUp(link);
            // A virtual card has its carrier by now.
            return new LinkAttempt(NetworkLinks.Read(link.Name) ?? link);
        }
        catch (LinuxException error)
        {
            // Its firmware may be missing; another link may do.
            say(error.Message);
            return new LinkAttempt(link) { Failure = error.Message };
        }
    }

    private ConfiguredLink? Try(LinkAttempt attempt, TimeSpan now)
    {
        if (!attempt.Link.HasCarrier)
        {
            return null;
        }
        if (ip.Method == IpMethod.Static)
        {
            return Configure(attempt, LinkConfiguration.Of(ip));
        }
        attempt.Begin(now);
        while (true)
        {
            if (attempt.Receive(now) is { } acknowledged)
            {
                return Configure(attempt, LinkConfiguration.Of(acknowledged, ip));
            }
            if (attempt.Due > now)
            {
                return null;
            }
            attempt.Send(now);
        }
    }

    private ConfiguredLink Configure(LinkAttempt attempt, LinkConfiguration configuration)
    {
        configuration.Apply(kernel, attempt.Link, say);
        string by = configuration.DhcpServer is { } server ? $" from {server}" : "";
        say($"{attempt.Link.Name} has {configuration.Address}/{configuration.PrefixLength}{by}");
        return new ConfiguredLink(attempt.Link, configuration);
    }

    private void Wait(TimeSpan timeout)
    {
        List<SafeHandle> handles = [changes.Handle];
        if (deviceEvents is not null)
        {
            handles.Add(deviceEvents);
        }
        foreach (LinkAttempt attempt in attempts)
        {
            // A socket of a link that is down has its error to tell again and again.
            if (attempt.Link.HasCarrier && attempt.Socket is { } socket)
            {
                handles.Add(socket.Handle);
            }
        }
        Poll.Readable(timeout, CollectionsMarshal.AsSpan(handles));
    }

    private UserError NoAnswer(TimeSpan timeout)
    {
        string only = ip.Device is null ? "" : $" {ip.Device}";
        if (attempts.Count == 0)
        {
            return new UserError(
                $"network: no Ethernet link{only} after {timeout.TotalSeconds:0} s. Links: {OtherLinks()}",
                "Check ip=, and that the initramfs has the module of the network card (lspci -k on a running system names it)."
            );
        }
        string what = ip.Method == IpMethod.Static ? "no link has a carrier" : "no DHCP answer";
        return new UserError(
            $"network: {what} after {timeout.TotalSeconds:0} s. {string.Join("; ", attempts)}",
            ip.Method == IpMethod.Static
                ? "Check the cable and the switch, or raise rootcast.timeout=."
                : "Check the cable, the switch port and the DHCP server, or give the machine an address by ip=; rootcast.timeout= waits longer."
        );
    }

    private static string OtherLinks()
    {
        List<string> names = [];
        foreach (NetworkLink link in NetworkLinks.List())
        {
            names.Add($"{link.Name} ({link.Driver ?? "no device"}, {link.State}{(link.IsWireless ? ", wireless" : "")})");
        }
        return names.Count == 0 ? "none" : string.Join(", ", names);
    }
}
