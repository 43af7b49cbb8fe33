using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Rootcast.Tests;

/// <summary>Debian's HAProxy as one address before several servers: it looks at their <c>/healthz</c>, and gives each connection to the next one.</summary>
internal sealed class HaProxy : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Process process;

    /// <param name="folder">For its configuration.</param>
    /// <param name="servers">Who answers.</param>
    public HaProxy(string folder, params IPEndPoint[] servers)
        : this(folder, "", "", servers) { }

    /// <param name="folder">For its configuration.</param>
    /// <param name="binding">What it says of its address beside the address, as <c>ssl crt FILE</c>.</param>
    /// <param name="rules">What it does with requests: lines of a frontend.</param>
    /// <param name="servers">Who answers.</param>
    public HaProxy(string folder, string binding, string rules, params IPEndPoint[] servers)
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
              bind {EndPoint} {binding}
            {rules}
              default_backend servers
            backend servers
              balance roundrobin
              option httpchk GET /healthz
            {string.Concat(servers.Select((server, i) => $"  server s{i} {server} check inter 500ms fall 1\n"))}
            """
        );
        process = Process.Start(new ProcessStartInfo("/usr/sbin/haproxy", ["-db", "-q", "-f", configuration]) { UseShellExecute = false })!;
        UntilItListens();
    }

    /// <summary>Where machines ask.</summary>
    public IPEndPoint EndPoint { get; }

    public void Dispose()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }

    private void UntilItListens()
    {
        for (Stopwatch patience = Stopwatch.StartNew(); patience.Elapsed < Patience; )
        {
            Assert.False(process.HasExited, "haproxy ended at once; what it said is above");
            try
            {
                using TcpClient client = new();
                client.Connect(EndPoint);
                return;
            }
            catch (SocketException)
            {
                Thread.Sleep(20);
            }
        }
        Assert.Fail($"haproxy does not listen after {Patience.TotalSeconds} s");
    }

    private static IPEndPoint FreeEndPoint()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }
}
