using System.CommandLine;
using System.Net;
using Rootcast.Contract;
using Rootcast.Images.Store;
using Rootcast.Server.Interfaces;
using Rootcast.Server.Tls;

namespace Rootcast.Cli.Commands;

/// <summary>What <c>rootcast serve</c> takes for HTTPS.</summary>
internal sealed class ServeHttps
{
    private readonly Option<IPEndPoint?> listen = new("--https")
    {
        Description = "Where HTTPS listens beside HTTP (default: nowhere)",
        HelpName = "ADDRESS:PORT",
        CustomParser = ServeCommand.ReadEndPoint,
    };
    private readonly Option<string?> certificate = new("--certificate")
    {
        Description =
            "With --https: the server's certificate and the chain behind it, PEM; without it the server makes one of its own authority",
        HelpName = "FILE",
    };
    private readonly Option<string?> key = new("--key") { Description = "The certificate's private key, PEM", HelpName = "FILE" };
    private readonly Option<bool> export = new("--export-authority")
    {
        Description = "Serve nothing; print the certificate of this server's own authority, for the initramfs of images (docs/netboot.md)",
    };

    /// <summary>Adds the options.</summary>
    public void AddTo(Command command)
    {
        command.Add(listen);
        command.Add(certificate);
        command.Add(key);
        command.Add(export);
        command.Validators.Add(result =>
        {
            bool hasCertificate = result.GetValue(certificate) is not null;
            if (hasCertificate != result.GetValue(key) is not null)
            {
                result.AddError("--certificate and --key belong together");
            }
            else if (hasCertificate && result.GetResult(listen) is null)
            {
                result.AddError("--certificate: nothing is served by HTTPS without --https ADDRESS:PORT");
            }
        });
    }

    /// <summary>Where to listen; null for nowhere.</summary>
    public IPEndPoint? EndPoint(ParseResult parsed) => parsed.GetValue(listen);

    /// <summary>Whether only the authority is asked for.</summary>
    public bool Exports(ParseResult parsed) => parsed.GetValue(export);

    /// <summary>What HTTPS shows; null when there is none.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="store">Its directory's neighbour keeps what is made.</param>
    /// <param name="say">Told what happens to the certificate while it is served.</param>
    /// <exception cref="UserError">The certificate cannot be used, or none can be made.</exception>
    public IServerCertificate? Certificate(ParseResult parsed, ImageStore store, Action<string> say) =>
        EndPoint(parsed) is not { } place ? null
        : parsed.GetValue(certificate) is { } file ? new OperatorCertificate(file, parsed.GetValue(key)!, say)
        : Own(store, place);

    /// <summary>The certificate of this server's own authority.</summary>
    /// <param name="store">See above.</param>
    /// <param name="place">Where HTTPS listens; null when it does not.</param>
    /// <exception cref="UserError">It can be neither read nor made.</exception>
    public static OwnCertificate Own(ImageStore store, IPEndPoint? place)
    {
        IEnumerable<string> addresses = ServedInterface.All().Select(one => one.Address.ToString());
        if (place is not null && !place.Address.Equals(IPAddress.Any) && !place.Address.Equals(IPAddress.IPv6Any))
        {
            addresses = addresses.Prepend(place.Address.ToString());
        }
        string directory = Path.Combine(Path.GetDirectoryName(store.Directory) ?? "/", "tls");
        return OwnCertificate.Open(
            directory,
            [.. addresses.Append(Environment.MachineName).Append("localhost").Append("127.0.0.1").Distinct()],
            TimeProvider.System
        );
    }
}
