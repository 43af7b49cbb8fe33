using Rootcast.Contract;
using Rootcast.Linux;
using Rootcast.Linux.Files;
using Rootcast.Linux.Network;

namespace Rootcast.Init.Network;

/// <summary>The network of a boot: up and configured when this returns, and left so for the tree's own system.</summary>
public static class NetworkStart
{
    /// <summary>What the tree's system may read about the network.</summary>
    public const string FactsFile = InitramfsPaths.RunDirectory + "/network";

    /// <summary>The network of <c>rootcast.network</c>, where the carrier had no need of one. The root is there, so no link is no reason to stop.</summary>
    public static void RunWhenAsked(Boot boot)
    {
        if (!boot.Plan.Network || boot.Plan.Carrier == Carrier.Http)
        {
            return;
        }
        try
        {
            Run(boot);
        }
        catch (Exception error) when (error is UserError or LinuxException)
        {
            boot.Journal.Problem($"rootcast.network: {error.Message}");
        }
    }

    /// <summary>Brings up the first link that answers, sets the mark <see cref="Marks.NetworkUp"/> and leaves <see cref="FactsFile"/>.</summary>
    /// <exception cref="UserError">None answers, or <c>ip=</c> does not allow it.</exception>
    public static ConfiguredLink Run(Boot boot)
    {
        IpArgument ip = IpArgument.Parse(boot.Plan.Ip);
        if (ip.Method == IpMethod.Off)
        {
            throw new UserError($"ip={boot.Plan.Ip} forbids the network that carrier http needs", "Leave ip= out, or write ip=dhcp.");
        }
        if (ip.Method == IpMethod.Dhcp)
        {
            // Built in on Debian, a module elsewhere.
            boot.Modules.TryLoad("af_packet");
        }
        using LinkBringUp bringUp = new(ip, FindLinks, boot.Journal.Say, boot.Devices.Events);
        ConfiguredLink configured = bringUp.Run(boot.Plan.Timeout);
        boot.Journal.Mark(Marks.NetworkUp);
        SmallFile.Write(FactsFile, configured.Facts);
        ReportStart.Run(boot, configured);
        SecretFetch.Run(boot, configured);
        return configured;

        List<NetworkLink> FindLinks()
        {
            boot.Devices.Settle();
            // A link that is named may be any; else only real cards, or every bridge and dummy would be asked.
            return boot.Plan.Link is { } named
                ? NetworkLinks.List().FindAll(link => link.Name == named || link.HardwareAddressText == named)
                : NetworkLinks.List().FindAll(link => link.Name == ip.Device || link.IsEthernetDevice);
        }
    }
}
