using Rootcast.Contract;
using Rootcast.Server;
using Rootcast.Server.Api;
using Rootcast.Server.Nodes;
using Rootcast.Server.State;

namespace Rootcast.Tests;

/// <summary>Servers that share their state in PostgreSQL.</summary>
public sealed class SharedStateTests : IDisposable
{
    private static readonly ServedImage Old = new("web", "sha256:" + new string('a', 64));
    private static readonly ServedImage New = new("web", "sha256:" + new string('b', 64));
    private readonly PostgresServer postgres = new();
    private readonly string folder = Directory.CreateTempSubdirectory("rootcast-shared-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        postgres.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void WhatOneServerWritesTheOtherReads()
    {
        using StateDatabase one = StateDatabase.Open(postgres.Address);
        using StateDatabase two = StateDatabase.Open(postgres.Address);
        using NodeRegistry first = Registry(one);
        using NodeRegistry second = Registry(two);
        NodeIdentity identity = NodeIdentity.Of("52:54:00:00:00:01", null, "S3R1AL");
        string token = Assert.IsType<string>(new NodeTokens(one).MakeFirst());
        Assert.True(new NodeTokens(two).IsValid(token));
        Assert.Null(new NodeTokens(two).MakeFirst());
        first.Assign("rack=3", Old);
        second.Label("52:54:00:00:00:01", new Dictionary<string, string>(StringComparer.Ordinal) { ["rack"] = "3" }, []);
        NodeBoot boot = first.Arrive(identity, "10.0.0.1", null, [New, Old]).Boot!;
        Assert.Equal(Old.Digest, boot.Digest);
        Assert.Equal(boot.Id, second.Arrive(identity, "10.0.0.1", null, [New, Old]).Boot!.Id);
        second.Fetched(boot.ReportKey, BootStages.Kernel, 10);
        Assert.True(first.Report(boot.ReportKey, ["mark init-start 1000000000", "mark ready 3000000000"]));
        Assert.Equal(["script", "kernel", "init-start", "ready"], second.Log(boot.Id).Moments.Select(moment => moment.Name));
        Assert.Equal(BootOutcome.Ready, Assert.Single(second.Show("S3R1AL").Boots).Outcome);
        first.Assign("rack=3", New);
        Assert.Equal(Old, second.Rollback("rack=3").Now!.Image);
        second.BootNext("S3R1AL", New);
        Assert.Equal(New.Digest, first.Arrive(identity, "10.0.0.1", null, [New, Old]).Boot!.Digest);
        second.Configure("S3R1AL", _ => new NodeConfiguration { Hostname = "web3" });
        Assert.Equal("52-54-00-00-00-01", first.Forget("web3"));
        Assert.Empty(second.List());
    }

    [Fact]
    public async Task ChangesFollowEachOther()
    {
        using StateDatabase one = StateDatabase.Open(postgres.Address);
        using StateDatabase two = StateDatabase.Open(postgres.Address);
        using NodeRegistry first = Registry(one);
        using NodeRegistry second = Registry(two);
        NodeIdentity identity = NodeIdentity.Of("52:54:00:00:00:01", "5c41d7ce-0b0d-4a5d-9c5f-7e0e9a3b1c2d", null);
        await Parallel.ForAsync(
            0,
            40,
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation },
            (i, _) =>
            {
                NodeRegistry registry = i % 2 == 0 ? first : second;
                registry.Arrive(identity, "10.0.0.1", null, [New]);
                registry.Assign("*", New);
                return ValueTask.CompletedTask;
            }
        );
        Assert.Single(first.List());
        Assert.Equal(40, second.Assignments()[0].Number);
        Assert.Single(second.Show("52:54:00:00:00:01").Boots);
    }

    [Fact]
    public void ADatabaseThatIsNotThereIsSaidWithoutItsPassword()
    {
        UserError error = Assert.Throws<UserError>(() =>
            StateDatabase.Open($"postgres://rootcast:secret@localhost/postgres?Host={folder}")
        );
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("postgres://localhost/postgres", error.Message, StringComparison.Ordinal);
    }

    private static NodeRegistry Registry(StateDatabase state) =>
        new(state, new NodeOptions(), TimeProvider.System, new ServerLog(_ => { }), (_, _) => { });
}
