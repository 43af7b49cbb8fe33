using System.Net;
using Microsoft.AspNetCore.Http;
using Rootcast.Contract;
using Rootcast.Server.Content;
using Rootcast.Server.Tls;

namespace Rootcast.Server.Http;

/// <summary>What an <see cref="ArtefactServer"/> serves and where.</summary>
public sealed record ArtefactServerOptions
{
    /// <summary>Path of the file that holds a blob, by its 64 lower-case hexadecimal digits; null when there is no such blob. Called by several
    /// threads at the same time. See <see cref="BlobFolder"/> for a store's directory.</summary>
    public required Func<string, string?> FindBlob { get; init; }

    /// <summary>What every path leads to that is no blob's; null where nothing is. A <see cref="UserError"/> is told to the asker. Called by several
    /// threads at the same time.</summary>
    public Func<ContentRequest, ServedContent?>? Find { get; init; }

    /// <summary>How many bytes a request to that path may bring: such paths are <see cref="Receive"/>'s, whatever the method. 0 for all others.</summary>
    public Func<string, int> ReceiveLimit { get; init; } = _ => 0;

    /// <summary>Answers requests to paths of <see cref="ReceiveLimit"/>; null where nothing is. Called by several threads at the same time.</summary>
    public Func<ReceivedRequest, ServedContent?>? Receive { get; init; }

    /// <summary>Writes answers that are more than a content (pages, streams), whatever the method: the bytes of content sent; null where the path is not its own,
    /// and nothing was written. Called by several threads at the same time.</summary>
    public Func<HttpContext, string, Task<long?>>? Pages { get; init; }

    /// <summary>Which blobs, by their 64 digits, are downloads of which only <see cref="MostDownloads"/> run at the same time, whoever asks; null for none.</summary>
    public Func<string, bool>? IsDownload { get; init; }

    /// <summary>Downloads at the same time; the others wait for their turn. What iPXE loads counts, too: it knows how to wait.</summary>
    public int MostDownloads { get; init; } = 16;

    /// <summary>How long a request for a download is held before it is told to come again: less than /init waits for an answer.</summary>
    public TimeSpan DownloadHold { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Told of each request when it has been answered, by several threads at the same time.</summary>
    public Action<AnsweredRequest>? Answered { get; init; }

    /// <summary>Address to listen on: default 127.0.0.1.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>TCP port; 0 takes any free one, which <see cref="ArtefactServer.EndPoint"/> tells.</summary>
    public int Port { get; init; }

    /// <summary>Where HTTPS is served beside HTTP; null for nowhere. Port 0 takes any free one.</summary>
    public IPEndPoint? Https { get; init; }

    /// <summary>What HTTPS shows; must be there when <see cref="Https"/> is.</summary>
    public IServerCertificate? Certificate { get; init; }

    /// <summary>Bytes read from a file and given to the connection at once.</summary>
    public int BufferBytes { get; init; } = 256 * 1024;

    /// <summary>Told of what never became a request: who and why. By several threads at the same time.</summary>
    public Action<IPAddress, string>? Refused { get; init; }

    /// <summary>Connections of one address (IPv6: of one network of 64 bits) at the same time; the next one is closed.</summary>
    public int MostConnections { get; init; } = 1024;

    /// <summary>When more connections than that are open, those that were answered are closed: Kestrel holds 7 KiB for one that has not asked yet and 10 for one
    /// that has, and machines that boot ask for little on each.</summary>
    public int MostKept { get; init; } = 2048;

    /// <summary>How long a request's head may take from its first byte to its last.</summary>
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may be silent before its first request and between two.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long <see cref="ArtefactServer.StopAsync"/> lets answers that are under way come to their end.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Blobs that lie in a directory, each under its hexadecimal digits: <c>blobs/sha256</c> of an OCI image layout.</summary>
    public static Func<string, string?> BlobFolder(string directory) =>
        hex =>
        {
            string path = Path.Combine(directory, hex);
            return File.Exists(path) ? path : null;
        };
}
