using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Rootcast.Tests;

/// <summary>Debian's HAProxy as one address before several servers: it looks at their <c>/healthz</c>, and gives each connection to the next one.</summary>
internal sealed class HaProxy : IDisposable
{
    private readonly Process process;

    /// <param name="folder">For its configuration.</param>
    /// <param name="servers">Who answers.</param>
    public HaProxy(string folder, params IPEndPoint[] servers)
    {
        EndPoint = FreeEndPoint();
        string configuration = Path.Combine(folder, "haproxy.cfg");
        File.WriteAllText(
            configuration,
            $"""
            defaults
              mode http
              timeout connect 2s
              timeout client 30s
              timeout server 30s
              retries 3
              option redispatch
            frontend machines
              bind {EndPoint}
              default_backend servers
            backend servers
              balance roundrobin
              option httpchk GET /healthz
            {string.Concat(servers.Select((server, i) => $"  server s{i} {server} check inter 500ms fall 1\n"))}
            """
        );
        process = Process.Start(new ProcessStartInfo("/usr/sbin/haproxy", ["-db", "-q", "-f", configuration]) { UseShellExecute = false })!;
    }

    /// <summary>Where machines ask.</summary>
    public IPEndPoint EndPoint { get; }

    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }

    private static IPEndPoint FreeEndPoint()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }
}
