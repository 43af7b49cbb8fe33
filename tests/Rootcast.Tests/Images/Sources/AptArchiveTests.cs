using System.Net;
using System.Net.Sockets;
using System.Text;
using Rootcast.Contract;
using Rootcast.Images.Progress;
using Rootcast.Images.Recipes;
using Rootcast.Images.Sources.Apt;
using Rootcast.Images.Trees;

namespace Rootcast.Tests;

public sealed class AptArchiveTests : IDisposable
{
    private readonly TemporaryDirectory place = new();

    public AptArchiveTests() => Assert.SkipUnless(File.Exists("/usr/lib/apt/apt-helper"), "this host has no apt");

    public void Dispose() => place.Dispose();

    [Fact]
    public async Task SuiteThatDoesNotExistIsPointedAtInTheRecipe()
    {
        Directory.CreateDirectory(place.File("archive/dists"));
        UserError error = await Assert.ThrowsAsync<UserError>(() => Ask($"file://{place.File("archive")}", []));
        Assert.StartsWith("r.yaml:4:12: the archive file:///", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("has no suite 'sid'", error.Message, StringComparison.Ordinal);
        Assert.Equal(UserErrorKind.Input, error.Kind);
    }

    [Fact]
    public async Task SuitesThatMayBeMissingAreLeftOut()
    {
        place.Write("archive/dists/sid/Release", "Date: Sat, 11 Jul 2026 10:16:37 UTC\n");
        Assert.Equal(["sid"], await Ask($"file://{place.File("archive")}", []));
    }

    [Fact]
    public async Task WhatWasThereLastCountsWithoutANetworkAndThatIsSaid()
    {
        List<string> said = [];
        int port;
        using (TcpListener listener = new(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
            Task<int> serving = Serve(listener);
            Assert.Equal(["sid", "sid-updates"], await Ask($"http://127.0.0.1:{port}/debian", said));
            listener.Stop();
            await serving;
        }
        Assert.Empty(said);
        Assert.Equal(["sid", "sid-updates"], await Ask($"http://127.0.0.1:{port}/debian", said));
        Assert.Contains("cannot be reached", Assert.Single(said), StringComparison.Ordinal);
        UserError error = await Assert.ThrowsAsync<UserError>(() => Ask($"http://127.0.0.1:{port}/other", said));
        Assert.Contains("cannot be reached: Could not connect", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Answers every request with the same Release until the listener stops.</summary>
    private static async Task<int> Serve(TcpListener listener)
    {
        int served = 0;
        byte[] answer = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nX: y\n\n");
        byte[] request = new byte[4096];
        while (true)
        {
            try
            {
                using TcpClient client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
                _ = await client.GetStream().ReadAtLeastAsync(request, 1, cancellationToken: TestContext.Current.CancellationToken);
                await client.GetStream().WriteAsync(answer, TestContext.Current.CancellationToken);
                served++;
            }
            catch (SocketException)
            {
                return served;
            }
        }
    }

    private async Task<string[]> Ask(string mirror, List<string> said)
    {
        DebianSource source = new() { Suite = new RecipeText("sid", new RecipePlace("r.yaml", 4, 12)), Mirror = RecipeText.Of(mirror) };
        AptArchive archive = new(new BuildCache(place.File("cache")), new Ear(said), log: null);
        return
        [
            .. (await archive.AskAsync(AptSuites.Choose(source, []), TestContext.Current.CancellationToken)).Select(pair =>
                pair.Suite.Entry.Suites[0]
            ),
        ];
    }

    private sealed class Ear(List<string> said) : IProgressDisplay
    {
        public IProgressStage Begin(string title) => new SilentProgress().Begin(title);

        public void Say(string line) => said.Add(line);
    }
}
