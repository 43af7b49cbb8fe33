using System.Net;

namespace Rootcast.Server.ProxyDhcp;

/// <summary>Where machines on one network find this server, and what it has for them.</summary>
/// <param name="Address">The server's address on that network.</param>
/// <param name="HttpPort">HTTP's port.</param>
/// <param name="Programs">Which of iPXE's programs are served.</param>
/// <param name="HasTftp">Whether they are served by TFTP, too.</param>
/// <param name="HasEfiProgram">Whether <c>/boot.efi</c> is served.</param>
public sealed record ServerPlace(IPAddress Address, int HttpPort, IReadOnlyList<string> Programs, bool HasTftp, bool HasEfiProgram)
{
    /// <summary>The URL of a path.</summary>
    public string Url(string path) => $"http://{Address}:{HttpPort}{path}";
}
