using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Rootcast.Contract;
using Rootcast.Images.Store;

namespace Rootcast.Tests;

/// <summary>The published server, killed in the middle of its work.</summary>
public sealed class KilledServerTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rootcast-killed-").FullName;
    private readonly HttpClient client = new() { DefaultRequestHeaders = { ConnectionClose = true } };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Store => Path.Combine(folder, "store");

    public void Dispose()
    {
        client.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Half of them have begun when it happens; HAProxy tells the others of it only after a while.</summary>
    [Fact]
    public async Task OfFiftyBootsBehindHaProxyNoneIsLostWhenOneOfTwoServersIsKilled()
    {
        ServeProcess.Needs();
        Host.Needs("haproxy");
        Publish();
        using PostgresServer postgres = new();
        using ServeProcess stays = await ServeProcess.StartAsync(Store, postgres.Address);
        using ServeProcess dies = await ServeProcess.StartAsync(Store, postgres.Address);
        using HaProxy front = new(folder, dies.EndPoint, stays.EndPoint);
        int begun = 0;
        await Parallel.ForAsync(
            0,
            50,
            new ParallelOptions { MaxDegreeOfParallelism = 10, CancellationToken = Cancellation },
            async (i, cancellation) =>
            {
                using BootingMachine machine = new(front.EndPoint, folder, i);
                await machine.BootAsync(
                    () =>
                    {
                        if (Interlocked.Increment(ref begun) == 25)
                        {
                            dies.Kill();
                        }
                    },
                    cancellation
                );
            }
        );
        Assert.Contains("GET /boot.ipxe", dies.Said, StringComparison.Ordinal);
        JsonElement nodes = await GetAsync(front.EndPoint, "nodes");
        Assert.Equal(50, nodes.GetArrayLength());
        foreach (JsonElement node in nodes.EnumerateArray())
        {
            string id = node.GetProperty("id").GetString()!;
            JsonElement boot = Assert.Single((await GetAsync(front.EndPoint, $"nodes/{id}")).GetProperty("boots").EnumerateArray());
            Assert.Equal("ready", boot.GetProperty("outcome").GetString());
            Assert.Equal(BootingMachine.Marks, await MarksAsync(front.EndPoint, id));
        }
    }

    /// <summary>What a machine was told to be taken is there when the server has been started again.</summary>
    [Fact]
    public async Task AKilledServerKeepsAllThatItHasTaken()
    {
        const int machines = 8;
        ServeProcess.Needs();
        Publish();
        string state = Path.Combine(folder, "state");
        List<string>[] taken = [.. Enumerable.Range(0, machines).Select(_ => new List<string>())];
        using (ServeProcess server = await ServeProcess.StartAsync(Store, state))
        {
            int all = 0;
            await Task.WhenAll(
                Enumerable
                    .Range(0, machines)
                    .Select(async number =>
                    {
                        string script = await client.GetStringAsync(
                            $"http://{server.EndPoint}/boot.ipxe?mac=52:54:00:00:00:0{number}",
                            Cancellation
                        );
                        string report = KernelArguments.Parse(script.Replace('\n', ' ')).Last("rootcast.report")!;
                        try
                        {
                            for (int i = 0; ; i++)
                            {
                                using StringContent mark = new($"mark m{i} 1000000000\n");
                                using HttpResponseMessage answer = await client.PostAsync(report, mark, Cancellation);
                                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                                taken[number].Add($"m{i}");
                                if (Interlocked.Increment(ref all) == 300)
                                {
                                    server.Kill();
                                }
                            }
                        }
                        catch (HttpRequestException)
                        {
                            // It is gone.
                        }
                    })
            );
        }
        using ServeProcess again = await ServeProcess.StartAsync(Store, state);
        for (int number = 0; number < machines; number++)
        {
            string[] kept = await MarksAsync(again.EndPoint, $"52-54-00-00-00-0{number}");
            // One more may have been written down, of which the machine was not told.
            Assert.Equal(taken[number], kept.Take(taken[number].Count));
            Assert.InRange(kept.Length - taken[number].Count, 0, 1);
        }
    }

    private async Task<string[]> MarksAsync(IPEndPoint server, string node) =>
        [
            .. (await GetAsync(server, $"nodes/{node}/log"))
                .GetProperty("moments")
                .EnumerateArray()
                .Where(moment => moment.GetProperty("kind").GetString() == "mark")
                .Select(moment => moment.GetProperty("name").GetString()!),
        ];

    private async Task<JsonElement> GetAsync(IPEndPoint server, string path) =>
        JsonElement.Parse(await client.GetStringAsync($"http://{server}/api/v1/{path}", Cancellation));

    private void Publish()
    {
        ImageStore store = ImageStore.Open(Store);
        store.Publish(
            new ImageManifest
            {
                Name = "try",
                Created = DateTimeOffset.UnixEpoch.AddYears(50),
                Source = "test",
                Kernels = [new ImageKernel("6.1.0-1-test", store.Put(RandomNumberGenerator.GetBytes(100_000)), null)],
                Initramfs = store.Put("initramfs"u8),
                Artefacts = [new ImageArtefact(Form.Squashfs, store.Put(RandomNumberGenerator.GetBytes(8_000_000)), 0)],
            }
        );
    }
}
