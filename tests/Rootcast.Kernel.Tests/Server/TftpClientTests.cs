using System.Net;
using System.Security.Cryptography;
using Rootcast.Server;
using Rootcast.Server.Content;
using Rootcast.Server.Tftp;

namespace Rootcast.Tests;

/// <summary>Clients of others fetch from our server on ports of the loopback.</summary>
public sealed class TftpClientTests : IAsyncDisposable
{
    private readonly byte[] content = RandomNumberGenerator.GetBytes(400 * 512);
    private readonly string directory = Directory.CreateTempSubdirectory("rootcast-tftp-").FullName;
    private readonly TftpServer server;

    public TftpClientTests() =>
        server = TftpServer.Start(
            new TftpServerOptions
            {
                EndPoints = [new IPEndPoint(IPAddress.Loopback, 0), new IPEndPoint(IPAddress.IPv6Loopback, 0)],
                Find = request => request.Path == "/file" ? ServedContent.OfParts([ContentPart.Of(content)]) : null,
                HttpPort = 80,
                Log = new ServerLog(_ => { }),
                Counters = new ServerCounters(),
            }
        );

    private string Target => Path.Combine(directory, "got");

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void TftpHpaFetches(int family)
    {
        Host.Needs("tftp");
        IPEndPoint place = server.EndPoints[family];
        Host.Run("tftp", "-m", "binary", place.Address.ToString(), place.Port.ToString(), "-c", "get", "file", Target);
        Assert.Equal(content, File.ReadAllBytes(Target));
    }

    [Fact]
    public void TftpHpaIsRefusedToWrite()
    {
        Host.Needs("tftp");
        File.WriteAllText(Target, "mine");
        IPEndPoint place = server.EndPoints[0];
        string said = Host.Run("tftp", "-m", "binary", place.Address.ToString(), place.Port.ToString(), "-c", "put", Target, "file");
        Assert.Contains("nothing can be written here", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(512, 0)]
    [InlineData(1456, 1)]
    [InlineData(65_464, 0)]
    public void CurlFetchesInBlocksOfAnySize(int block, int family)
    {
        Host.Needs("curl");
        Host.Run(
            "curl",
            "--silent",
            "--show-error",
            "--tftp-blksize",
            block.ToString(),
            "--output",
            Target,
            $"tftp://{server.EndPoints[family]}/file"
        );
        Assert.Equal(content, File.ReadAllBytes(Target));
    }
}
