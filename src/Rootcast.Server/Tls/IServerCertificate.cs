using System.Net.Security;

namespace Rootcast.Server.Tls;

/// <summary>What HTTPS shows to who connects.</summary>
public interface IServerCertificate
{
    /// <summary>The certificate that holds now, with its chain. Asked at each connection, by several threads.</summary>
    SslStreamCertificateContext Current();
}
