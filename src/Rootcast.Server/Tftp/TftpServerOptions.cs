using System.Net;
using Rootcast.Server.Content;

namespace Rootcast.Server.Tftp;

/// <summary>What a <see cref="TftpServer"/> serves and where.</summary>
public sealed record TftpServerOptions
{
    /// <summary>TFTP's port.</summary>
    public const int UsualPort = 69;

    /// <summary>Where requests are taken, IPv4 and IPv6 each for itself; port 0 takes any free one.</summary>
    public required IReadOnlyList<IPEndPoint> EndPoints { get; init; }

    /// <summary>What a path leads to; null for nothing.</summary>
    public required Func<ContentRequest, ServedContent?> Find { get; init; }

    /// <summary>HTTP's port on this server, for scripts.</summary>
    public required int HttpPort { get; init; }

    /// <summary>HTTPS's port; null where it is not served.</summary>
    public int? HttpsPort { get; init; }

    /// <summary>Where it says what it does.</summary>
    public required ServerLog Log { get; init; }

    /// <summary>Where it counts.</summary>
    public required ServerCounters Counters { get; init; }

    /// <summary>Transfers at the same time; who comes then is told to come again.</summary>
    public int MostTransfers { get; init; } = 512;

    /// <summary>Transfers of one address at the same time.</summary>
    public int MostTransfersOfOne { get; init; } = 32;
}
