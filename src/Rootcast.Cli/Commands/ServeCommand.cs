using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Net.Sockets;
using Rootcast.Cli.Host;
using Rootcast.Cli.Nodes;
using Rootcast.Contract;
using Rootcast.Images.Store;
using Rootcast.Server;
using Rootcast.Server.Dashboard;
using Rootcast.Server.Interfaces;
using Rootcast.Server.ProxyDhcp;
using Rootcast.Server.Site;
using Rootcast.Server.State;
using Rootcast.Server.Tftp;
using Rootcast.Server.Tls;

namespace Rootcast.Cli.Commands;

/// <summary><c>rootcast serve</c>.</summary>
internal static class ServeCommand
{
    private const int DefaultPort = 8080;

    public static Command Create(Session session)
    {
        Argument<string?> image = new("IMAGE")
        {
            Description = "The only image that is served; without it all of the store, and machines get the newest",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<Form?> form = CommonOptions.Form(required: false);
        Option<Carrier?> carrier = CommonOptions.Carrier(optional: true);
        Option<string?> append = new("--append") { Description = "More kernel arguments, in one word", HelpName = "ARGS" };
        Option<IPEndPoint> http = new("--http")
        {
            Description = $"Where HTTP listens (default: port {DefaultPort} of every address)",
            HelpName = "ADDRESS:PORT",
            DefaultValueFactory = _ => new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, DefaultPort),
            CustomParser = ReadEndPoint,
        };
        Option<int> downloads = new("--downloads")
        {
            Description = "Kernels, initrds and artefacts that are sent at the same time; other machines wait for their turn",
            HelpName = "N",
            DefaultValueFactory = _ => 16,
        };
        downloads.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError("--downloads: at least 1");
            }
        });
        Option<string[]> listen = new("--listen")
        {
            Description = "Interface or its address on which DHCP and TFTP are served; can be given several times (default: all)",
            HelpName = "INTERFACE",
            DefaultValueFactory = _ => [],
        };
        Option<bool> noDhcp = new("--no-dhcp") { Description = "Answer no DHCP: machines are told of this server by other means" };
        Option<AddressRange?> dhcp = new("--dhcp")
        {
            Description = "Give these addresses, on the one --listen: a network without a DHCP server",
            HelpName = "FIRST-LAST",
            CustomParser = ReadRange,
        };
        Option<bool> noTftp = new("--no-tftp") { Description = "Serve nothing by TFTP" };
        Option<string?> export = new("--export")
        {
            Description = "Serve nothing; write files and scripts to this directory, for any web server",
            HelpName = "DIR",
        };
        Option<string?> url = new("--url")
        {
            Description = "With --export: URL under which that directory will be served; not needed with --carrier initrd",
            HelpName = "URL",
        };
        Option<bool> json = new("--json") { Description = "Log as data, a JSON object a line, on standard output" };
        Option<bool> unit = new("--unit") { Description = "Serve nothing; print a systemd unit that serves with the other options" };
        DocumentedCommand command = new(
            "serve",
            "Serve images to machines that boot over the network, until Ctrl-C.",
            "rootcast serve",
            "rootcast serve try --form squashfs --append console=ttyS0 --http 10.0.0.1:80",
            "rootcast serve --https :8443",
            "rootcast serve --state postgres://rootcast:secret@db/rootcast --approve",
            "rootcast serve --https :8443 --password-file /run/secret/password --reports /srv/measured",
            "rootcast serve --export-authority > authority.pem",
            "rootcast serve --json --http 10.0.0.1:80",
            "rootcast serve --listen eth1 --dhcp 10.9.0.100-10.9.0.199",
            "rootcast serve --unit > /etc/systemd/system/rootcast-serve.service",
            "rootcast serve try --export /var/www/boot --url http://www.example.org/boot/"
        )
        {
            image,
            form,
            carrier,
            append,
            http,
            downloads,
            listen,
            dhcp,
            noDhcp,
            noTftp,
            export,
            url,
            json,
            unit,
        };
        ServeHttps https = new();
        https.AddTo(command);
        ServeNodes nodes = new();
        nodes.AddTo(command);
        ServeDashboard dashboard = new();
        dashboard.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(noDhcp) && result.GetResult(dhcp) is not null)
            {
                result.AddError("--dhcp and --no-dhcp contradict each other");
            }
            if (result.GetValue(url) is { } text && (result.GetValue(export) is null || !IsRoot(text)))
            {
                result.AddError("--url: belongs to --export and begins with http:// (what /init fetches by)");
            }
        });
        command.SetAction(
            async (parsed, cancellation) =>
            {
                BootSiteOptions site = new()
                {
                    Image = parsed.GetValue(image),
                    Form = parsed.GetValue(form),
                    Carrier = parsed.GetValue(carrier),
                    Arguments = KernelArguments.Parse(parsed.GetValue(append) ?? ""),
                };
                if (parsed.GetValue(unit))
                {
                    IEnumerable<string> others = parsed
                        .Tokens.Select(token => token.Value)
                        .Where(word => word is not ("serve" or "--unit"));
                    await session.Output.WriteAsync(ServeUnit.Text(Environment.ProcessPath!, others));
                    return ExitCodes.Done;
                }
                if (https.Exports(parsed))
                {
                    using OwnCertificate own = ServeHttps.Own(session.OpenStore(), null);
                    await session.Output.WriteAsync(own.Authority);
                    return ExitCodes.Done;
                }
                if (parsed.GetValue(export) is { } directory)
                {
                    StaticExport tree = new(session.OpenStore(), site, parsed.GetValue(url) is { } text ? text.TrimEnd('/') + "/" : null);
                    IReadOnlyList<string> scripts = await session.WithProgressAsync(progress =>
                        tree.WriteAsync(directory, progress, cancellation)
                    );
                    foreach (string script in scripts)
                    {
                        await session.Output.WriteLineAsync(script);
                    }
                    return ExitCodes.Done;
                }
                IReadOnlyList<ServedInterface> interfaces = ServedInterface.Choose(ServedInterface.All(), parsed.GetValue(listen)!);
                AddressRange? range = parsed.GetValue(dhcp);
                RequireNetwork(range, interfaces);
                ServerLog log = parsed.GetValue(json)
                    ? new(happened => session.WriteJson(happened.ToJson(DateTimeOffset.UtcNow)))
                    : new(happened => session.People.Profile.Out.Writer.WriteLine(happened.ToString()));
                ImageStore store = session.OpenStore();
                using StateDatabase state = nodes.State(parsed, session.People.Profile.Out.Writer);
                BootServerOptions options = new()
                {
                    Store = store,
                    Site = site,
                    State = state,
                    Nodes = nodes.Options(parsed),
                    Dashboard = dashboard.Options(parsed, state, session.People.Profile.Out.Writer),
                    Http = parsed.GetValue(http)!,
                    Downloads = parsed.GetValue(downloads),
                    Https = https.EndPoint(parsed),
                    Certificate = https.Certificate(parsed, store, text => log.Say(new ServerEvent("http", "-", text))),
                    Tftp = parsed.GetValue(noTftp) ? [] : TftpEndPoints(parsed.GetValue(listen)!.Length > 0 ? interfaces : []),
                    Dhcp = parsed.GetValue(noDhcp) ? [] : interfaces,
                    Addresses = range,
                    Log = log,
                };
                return await RunAsync(session.People.Profile.Out.Writer, options, cancellation);
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(TextWriter people, BootServerOptions options, CancellationToken cancellation)
    {
        if (options.Site.Image is { } only)
        {
            // A name that is not there is said now and not to the first machine.
            options.Store.Get(only);
        }
        await using BootServer server = await BootServer.StartAsync(options, cancellation);
        await people.WriteLineAsync($"serving on http://{server.Http}; in iPXE: chain http://ADDRESS:{server.Http.Port}{BootPaths.Script}");
        if (server.Https is { } secure)
        {
            await people.WriteLineAsync($"and on https://{secure}, for images whose initramfs has an authority");
        }
        await people.WriteLineAsync(
            server.Https is { } safe
                ? $"dashboard: https://ADDRESS:{safe.Port}{DashboardOptions.Path}"
                : $"dashboard: http://ADDRESS:{server.Http.Port}{DashboardOptions.Path} (--https before a token or password goes over a network)"
        );
        TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration stopping = cancellation.Register(stopped.SetResult);
        await stopped.Task;
        // A server that is told to stop has done its work.
        return ExitCodes.Done;
    }

    /// <summary>Addresses are given on one network, which must have them.</summary>
    private static void RequireNetwork(AddressRange? range, IReadOnlyList<ServedInterface> interfaces)
    {
        if (range is not { } addresses)
        {
            return;
        }
        if (interfaces is not [var only])
        {
            throw new UserError(
                $"--dhcp gives addresses on one network, and there are {interfaces.Count}: {string.Join(", ", interfaces)}.",
                "Name one by --listen.",
                UserErrorKind.Input
            );
        }
        if (!addresses.IsWithin(only.Address, only.PrefixLength))
        {
            throw new UserError(
                $"{addresses} is not within the network of {only}.",
                "Name addresses of that network.",
                UserErrorKind.Input
            );
        }
    }

    /// <summary>Those of interfaces that were named, else every address.</summary>
    private static IReadOnlyList<IPEndPoint> TftpEndPoints(IReadOnlyList<ServedInterface> named)
    {
        IEnumerable<IPAddress> addresses =
            named.Count > 0 ? named.Select(one => one.Address)
            : Socket.OSSupportsIPv6 ? [IPAddress.Any, IPAddress.IPv6Any]
            : [IPAddress.Any];
        return [.. addresses.Select(address => new IPEndPoint(address, TftpServerOptions.UsualPort))];
    }

    private static AddressRange? ReadRange(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        AddressRange? range = AddressRange.Parse(text);
        if (range is null)
        {
            result.AddError($"'{text}' is not a range of at most {AddressRange.MostAddresses} addresses such as 10.9.0.100-10.9.0.199");
        }
        return range;
    }

    /// <summary>Reads ADDRESS:PORT.</summary>
    internal static IPEndPoint? ReadEndPoint(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        int colon = text.LastIndexOf(':');
        string address = colon < 0 ? "" : text[..colon];
        if (colon >= 0 && ushort.TryParse(text[(colon + 1)..], out ushort port))
        {
            if (address.Length == 0)
            {
                return new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, port);
            }
            if (IPAddress.TryParse(address, out IPAddress? parsed))
            {
                return new IPEndPoint(parsed, port);
            }
        }
        result.AddError($"'{text}' is not ADDRESS:PORT such as 10.0.0.1:80, [::]:8080 or :8080");
        return null;
    }

    private static bool IsRoot(string text) =>
        text.StartsWith("http://", StringComparison.Ordinal) && text.AsSpan().IndexOfAny(" \t\r\n\"?#") < 0;
}
