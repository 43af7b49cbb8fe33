using System.Net;
using Rootcast.Contract;
using Rootcast.Init.Journal;
using Rootcast.Linux;

namespace Rootcast.Init.Network;

/// <summary>Begins to tell the server of <c>rootcast.report=</c> of this boot, as soon as there is a network.</summary>
public static class ReportStart
{
    /// <summary>How long a machine that has failed looks for a network that it had no need of.</summary>
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(20);

    /// <summary>The network is up: everything that was said so far goes there, and what follows.</summary>
    public static void Run(Boot boot, ConfiguredLink network)
    {
        if (boot.Plan.Report is not { } text || boot.Journal.Report is not null)
        {
            return;
        }
        if (BootReport.UrlOf(boot.Plan) is not { } url)
        {
            boot.Journal.Problem($"rootcast.report={text}: this is no http URL that init can report to");
            return;
        }
        try
        {
            NameResolver resolver = new(network.Configuration.NameServers, network.Configuration.Domain);
            IReadOnlyList<IPAddress> found = resolver.Resolve(url.Host);
            boot.Journal.AttachReport(new BootReport(url, found[0]));
        }
        catch (Exception error) when (error is IOException or UserError or LinuxException)
        {
            boot.Journal.Problem($"rootcast.report: {error.Message}");
        }
    }

    /// <summary>The boot has failed before it had a network: brings one up, so that the server learns why.</summary>
    public static void RunAfterFailure(Boot boot)
    {
        bool canReport = BootReport.UrlOf(boot.Plan) is not null && boot.Journal.Report is null;
        // Who needed the network has looked for it long enough.
        if (!canReport || boot.Plan.Carriers.Contains(Carrier.Http))
        {
            return;
        }
        try
        {
            boot.Devices.WantEverything();
            NetworkStart.Run(boot with { Plan = boot.Plan with { Timeout = AfterFailure } });
        }
        catch (Exception error) when (error is UserError or LinuxException or IOException)
        {
            boot.Journal.Problem($"rootcast.report: {error.Message}");
        }
    }
}
