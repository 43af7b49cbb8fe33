using Rootcast.Linux.Network;

namespace Rootcast.Tests;

/// <summary>Two links that are each other's cable, gone after the test with all their addresses and routes.</summary>
internal sealed class VethPair : IDisposable
{
    private static int count;
    private readonly string suffix = $"{Environment.ProcessId % 100_000}x{Interlocked.Increment(ref count)}";

    public VethPair()
    {
        Host.NeedsRoot();
        Host.Needs("ip");
        try
        {
            Ip($"link add {ClientName} type veth peer name {ServerName}");
        }
        catch (Xunit.Sdk.XunitException error)
        {
            Assert.Skip($"this kernel gives no veth links: {error.Message}");
        }
    }

    public string ClientName => $"rc{suffix}";

    public string ServerName => $"rs{suffix}";

    public NetworkLink Client => NetworkLinks.Read(ClientName)!;

    public NetworkLink Server => NetworkLinks.Read(ServerName)!;

    /// <summary>What ip(8) prints.</summary>
    public static string Ip(string arguments) => Host.Run("ip", arguments.Split(' '));

    public void Dispose() => Ip($"link del {ClientName}");
}
