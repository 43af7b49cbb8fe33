using Rootcast.Contract;
using Rootcast.Server;
using Rootcast.Server.Nodes;
using Rootcast.Server.State;

namespace Rootcast.Tests;

/// <summary>Nodes in a state on disk, by a clock that the test moves.</summary>
public sealed class NodeRegistryTests : IDisposable
{
    private static readonly NodeIdentity Machine = NodeIdentity.Of("52:54:00:00:00:01", "5c41d7ce-0b0d-4a5d-9c5f-7e0e9a3b1c2d", null);
    private static readonly ServedImage Old = new("web", "sha256:" + new string('a', 64));
    private static readonly ServedImage New = new("web", "sha256:" + new string('b', 64));
    private readonly TemporaryDirectory folder = new();
    private readonly ManualClock clock = new();
    private readonly List<string> said = [];
    private readonly Dictionary<string, IReadOnlySet<string>> kept = new(StringComparer.Ordinal);
    private StateDatabase state;
    private NodeRegistry nodes;

    public NodeRegistryTests()
    {
        state = StateDatabase.Open(folder.Path);
        nodes = Registry(new NodeOptions());
    }

    public void Dispose()
    {
        nodes.Dispose();
        state.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void ANodeIsKnownAgainByAnyOfItsKeys()
    {
        string id = Arrive().Node.Id;
        Assert.Equal("52-54-00-00-00-01", id);
        Assert.Equal(id, nodes.Arrive(NodeIdentity.Of("52:54:00:00:00:02", Machine.Uuid, "S3R1AL"), "10.0.0.2", null, [Old]).Node.Id);
        Assert.Equal(id, nodes.Arrive(NodeIdentity.Of(null, null, "S3R1AL"), "10.0.0.2", null, [Old]).Node.Id);
        Assert.Equal(id, nodes.Show("52-54-00-00-00-02").Node.Id);
        Assert.NotEqual(id, nodes.Arrive(NodeIdentity.Of("52:54:00:00:00:03", null, null), "10.0.0.3", null, [Old]).Node.Id);
        Assert.Equal(2, nodes.List().Count);
    }

    [Fact]
    public void AServerThatIsStartedAgainKnowsAllOfIt()
    {
        string boot = Arrive().Boot!.Id;
        nodes.Assign("rack=3", Old);
        nodes.Label("52:54:00:00:00:01", Labels("rack", "3"), []);
        nodes.Configure("52:54:00:00:00:01", _ => new NodeConfiguration { Hostname = "web3" });
        nodes.Dispose();
        state.Dispose();
        state = StateDatabase.Open(folder.Path);
        nodes = Registry(new NodeOptions());
        (Node node, IReadOnlyList<NodeBoot> boots) = nodes.Show("web3");
        Assert.Equal("3", node.Labels["rack"]);
        Assert.Equal(boot, Assert.Single(boots).Id);
        Assert.Equal(Old, Assert.Single(nodes.Assignments()).Image);
    }

    /// <summary>The files as a killed process leaves them: in the middle of a change, with changes before it that were never moved out of the log.</summary>
    [Fact]
    public void AServerThatIsKilledLeavesTheLastChangeWhole()
    {
        Arrive();
        nodes.Label("52:54:00:00:00:01", Labels("rack", "3"), []);
        string copy = folder.File("killed");
        Directory.CreateDirectory(copy);
        state.Change(rows =>
        {
            // More than SQLite holds back: the log has a part of it.
            rows.Execute("PRAGMA cache_size = 10");
            for (int i = 0; i < 3000; i++)
            {
                rows.Execute(
                    "INSERT INTO node_labels (node, name, value) VALUES (@node, @name, @value)",
                    ("@node", $"node {i}"),
                    ("@name", new string('n', 200)),
                    ("@value", "")
                );
            }
            foreach (string file in Directory.GetFiles(folder.Path, "state.sqlite*"))
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }
            return true;
        });
        Assert.InRange(new FileInfo(Path.Combine(copy, "state.sqlite-wal")).Length, 400_000, long.MaxValue);
        File.Delete(Path.Combine(copy, "state.sqlite-shm"));
        using StateDatabase killed = StateDatabase.Open(copy);
        using NodeRegistry after = new(killed, new NodeOptions(), clock, new ServerLog(_ => { }), (_, _) => { });
        Assert.Equal("3", Assert.Single(after.List()).Node.Labels["rack"]);
        Assert.Equal(1, killed.Read(rows => rows.Query("SELECT COUNT(*) FROM node_labels", row => row.GetInt64(0)))[0]);
        Assert.Equal("ok", killed.Read(rows => rows.Query("PRAGMA integrity_check", row => row.GetString(0)))[0]);
    }

    [Fact]
    public void AStateOfANewerProgramIsRefused()
    {
        state.Change(rows => rows.Execute("UPDATE state_schema SET version = 99"));
        state.Dispose();
        UserError error = Assert.Throws<UserError>(() => StateDatabase.Open(folder.Path));
        Assert.Contains("has version 99: a newer rootcast made it", error.Message, StringComparison.Ordinal);
        state = StateDatabase.Open(folder.File("other"));
    }

    [Fact]
    public void AFileThatIsNoStateIsRefused()
    {
        Directory.CreateDirectory(folder.File("bad"));
        File.WriteAllText(folder.File("bad/state.sqlite"), new string('x', 5000));
        Assert.Contains(
            "cannot be opened",
            Assert.Throws<UserError>(() => StateDatabase.Open(folder.File("bad"))).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(5000, new FileInfo(folder.File("bad/state.sqlite")).Length);
    }

    [Fact]
    public void TheClosestAssignmentCountsAndTheNewerOfTwo()
    {
        nodes.Label("52:54:00:00:00:01", Labels("rack", "3"), []);
        Assert.Equal(New.Digest, Digest());
        nodes.Assign("*", Old);
        Assert.Equal(Old.Digest, Digest());
        nodes.Assign("rack=3", New);
        Assert.Equal(New.Digest, Digest());
        nodes.Assign("52:54:00:00:00:01", Old);
        Assert.Equal(Old.Digest, Digest());
        Assert.Equal(New, nodes.Rollback("rack=3").Withdrawn.Image);
        nodes.Rollback("52-54-00-00-00-01");
        Assert.Equal(Old.Digest, Digest());
        nodes.Assign("*", New);
        Assert.Equal(New.Digest, Digest());
        Assert.Equal(Old, nodes.Rollback("*").Now!.Image);
        Assert.Equal(Old.Digest, Digest());

        string Digest()
        {
            clock.Advance(TimeSpan.FromHours(1));
            return nodes.Arrive(Machine, "10.0.0.1", null, [New, Old]).Boot!.Digest;
        }
    }

    [Fact]
    public void ABootFinishesWithWhatItBegan()
    {
        nodes.Assign("*", Old);
        NodeBoot boot = Arrive().Boot!;
        nodes.Fetched(boot.ReportKey, BootStages.Kernel, 100);
        nodes.Assign("*", New);
        Assert.Equal(Old.Digest, nodes.FindBoot(boot.ReportKey)!.Value.Boot.Digest);
        Assert.Contains(Old.Digest, kept.Values.Single());
        nodes.Report(boot.ReportKey, ["mark ready 1000000000"]);
        Assert.Equal(New.Digest, Arrive().Boot!.Digest);
    }

    [Fact]
    public void TheNextBootAloneGetsWhatWasAskedForIt()
    {
        Arrive();
        clock.Advance(TimeSpan.FromHours(1));
        nodes.BootNext("52:54:00:00:00:01", Old);
        NodeBoot once = nodes.Arrive(Machine, "10.0.0.1", null, [New, Old]).Boot!;
        Assert.Equal(Old.Digest, once.Digest);
        // Firmware asks twice.
        Assert.Equal(once.Id, nodes.Arrive(Machine, "10.0.0.1", null, [New, Old]).Boot!.Id);
        nodes.Fetched(once.ReportKey, BootStages.Kernel, 1);
        Assert.Equal(New.Digest, nodes.Arrive(Machine, "10.0.0.1", null, [New, Old]).Boot!.Digest);
    }

    [Fact]
    public void UnknownNodesWaitWhereTheyMustBeApproved()
    {
        nodes.Dispose();
        nodes = Registry(new NodeOptions { MustBeApproved = true });
        Assert.Null(Arrive().Boot);
        Assert.Null(Arrive().Boot);
        Assert.Single(said, line => line.EndsWith("waits until it is approved", StringComparison.Ordinal));
        nodes.Approve("52:54:00:00:00:01");
        Assert.NotNull(Arrive().Boot);
        nodes.Approve("52:54:00:00:00:77");
        Assert.NotNull(nodes.Arrive(NodeIdentity.Of("52:54:00:00:00:77", null, null), "10.0.0.7", null, [Old]).Boot);
    }

    [Fact]
    public void AfterThreeSilentBootsTheLastGoodImageIsBack()
    {
        NodeBoot good = Arrive(Old).Boot!;
        nodes.Report(good.ReportKey, ["mark init-start 900000000", "mark ready 5000000000"]);
        nodes.Assign("*", New);
        for (int i = 0; i < 3; i++)
        {
            NodeBoot boot = Arrive(New, Old).Boot!;
            Assert.Equal(New.Digest, boot.Digest);
            nodes.Fetched(boot.ReportKey, BootStages.Kernel, 1);
            nodes.Report(boot.ReportKey, ["mark init-start 900000000", "mark root-mounted 1900000000"]);
            clock.Advance(TimeSpan.FromMinutes(11));
            (NodeBoot ended, _) = nodes.Log(boot.Id);
            Assert.Equal((BootOutcome.Silent, "root-mounted"), (ended.Outcome, ended.Stage));
        }
        NodeArrival back = Arrive(New, Old);
        Assert.Equal(Old.Digest, back.Boot!.Digest);
        Assert.Contains("did not get this node ready in 3 boots", back.Reason, StringComparison.Ordinal);
        Assert.Equal(3, said.Count(line => line.Contains("went silent after root-mounted", StringComparison.Ordinal)));
        Assert.Contains(nodes.Log(back.Boot.Id).Moments, moment => moment.Kind == MomentKinds.Note);
        // Who assigns it once more wants it tried once more.
        nodes.Fetched(back.Boot.ReportKey, BootStages.Kernel, 1);
        clock.Advance(TimeSpan.FromMinutes(1));
        nodes.Assign("*", New);
        Assert.Equal(New.Digest, Arrive(New, Old).Boot!.Digest);
    }

    [Fact]
    public void AFailureIsWrittenDownWithItsScreen()
    {
        NodeBoot boot = Arrive().Boot!;
        Assert.True(
            nodes.Report(
                boot.ReportKey,
                [
                    "mark init-start 1",
                    "fail ====",
                    "fail  Failed  no block device is LABEL=root",
                    "kernel [1.0] sd 0:0:0:0",
                    "nonsense",
                    "mark \u001b 2",
                ]
            )
        );
        (NodeBoot failed, IReadOnlyList<BootMoment> moments) = nodes.Log(boot.Id);
        Assert.Equal(BootOutcome.Failed, failed.Outcome);
        Assert.Equal(
            ["script", "init-start", "====", " Failed  no block device is LABEL=root", "[1.0] sd 0:0:0:0"],
            moments.Select(one => one.Name)
        );
        Assert.Contains(said, line => line.Contains("after init-start: Failed  no block device", StringComparison.Ordinal));
        Assert.False(nodes.Report(new string('0', 32), ["mark ready 1"]));
        Assert.False(nodes.Report("../../x", ["mark ready 1"]));
    }

    [Fact]
    public void AReportIsBoundedAndAMarkCountsOnce()
    {
        NodeBoot boot = Arrive().Boot!;
        nodes.Report(boot.ReportKey, Enumerable.Repeat("mark init-start 1", 50));
        nodes.Report(boot.ReportKey, Enumerable.Range(0, 5000).Select(i => $"kernel line {i} {new string('x', 5000)}"));
        IReadOnlyList<BootMoment> moments = nodes.Log(boot.Id).Moments;
        Assert.Single(moments, moment => moment.Kind == MomentKinds.Mark);
        Assert.InRange(moments.Count, 100, 600);
        Assert.All(moments, moment => Assert.InRange(moment.Name.Length, 1, 1024));
    }

    [Fact]
    public void OffersComeBeforeTheBootThatFollowsThem()
    {
        nodes.Offered("52:54:00:00:00:01", "BIOS gets iPXE");
        NodeBoot boot = Arrive().Boot!;
        Assert.Equal(["offer BIOS gets iPXE", "script"], nodes.Log(boot.Id).Moments.Select(moment => moment.Name));
    }

    [Fact]
    public void AForgottenNodeIsNew()
    {
        nodes.Assign("52:54:00:00:00:01", Arrive().Boot is { } boot ? new ServedImage(boot.Image, boot.Digest) : Old);
        nodes.Forget("52:54:00:00:00:01");
        Assert.Empty(nodes.List());
        Assert.Empty(nodes.Assignments());
        Assert.Throws<UserError>(() => nodes.Show("52:54:00:00:00:01"));
        Assert.NotNull(Arrive().Boot);
    }

    [Theory]
    [InlineData("{\"hostname\":\"a b\"}")]
    [InlineData("{\"ip\":\"dhcp rootcast.onfail=shell\"}")]
    [InlineData("{\"arguments\":\"a\\nb\"}")]
    [InlineData("{\"arguments\":\"a=\\\"b\"}")]
    [InlineData("{\"arguments\":\"rootcast.report=http://x/\"}")]
    [InlineData("{\"sshKeys\":[\"nokey\"]}")]
    [InlineData("{\"files\":[{\"path\":\"/etc/../x\",\"mode\":\"0644\",\"content\":\"\"}]}")]
    [InlineData("{\"files\":[{\"path\":\"etc/x\",\"mode\":\"0644\",\"content\":\"\"}]}")]
    [InlineData("{\"files\":[{\"path\":\"/etc/x\",\"mode\":\"9\",\"content\":\"\"}]}")]
    public void AConfigurationThatCannotBeCarriedOutIsRefused(string json)
    {
        Arrive();
        NodeConfiguration configuration = System.Text.Json.JsonSerializer.Deserialize(
            json,
            Rootcast.Server.Api.ApiJson.Default.NodeConfiguration
        )!;
        Assert.Throws<UserError>(() => nodes.Configure("52:54:00:00:00:01", _ => configuration));
        Assert.Null(nodes.Show("52:54:00:00:00:01").Node.Configuration.Hostname);
    }

    [Fact]
    public void ASecretIsGivenOnceForItsTokenWhileThatIsYoung()
    {
        NodeFile secret = new("/etc/key", "0600", [1, 2, 3]);
        nodes.Configure("52:54:00:00:00:01", _ => new NodeConfiguration { Secrets = [secret] });
        NodeBoot boot = Arrive().Boot!;
        string first = nodes.MakeSecretToken(boot.Id)!;
        string token = nodes.MakeSecretToken(boot.Id)!;
        Assert.Null(nodes.TakeSecrets(boot.ReportKey, first, "10.0.0.66"));
        Assert.Null(nodes.TakeSecrets(boot.ReportKey, "", "10.0.0.66"));
        Assert.Null(nodes.TakeSecrets(new string('0', 32), token, "10.0.0.66"));
        byte[] given = nodes.TakeSecrets(boot.ReportKey, token, "10.0.0.1")!;
        Assert.Equal([("/etc/key", 0x180)], SecretFiles.Parse(given).Select(file => (file.Path, file.Mode)));
        Assert.Equal(secret.Content, SecretFiles.Parse(given)[0].Content);
        Assert.Null(nodes.TakeSecrets(boot.ReportKey, token, "10.0.0.66"));
        Assert.Null(nodes.TakeSecrets(boot.ReportKey, "", "10.0.0.66"));
        Assert.Null(nodes.MakeSecretToken(boot.Id));
        Assert.Contains(said, line => line.Contains("secrets are refused to 10.0.0.66", StringComparison.Ordinal));
        Assert.DoesNotContain(
            said,
            line => line.Contains(token, StringComparison.Ordinal) || line.Contains(first, StringComparison.Ordinal)
        );

        clock.Advance(TimeSpan.FromHours(1));
        NodeBoot later = Arrive().Boot!;
        string old = nodes.MakeSecretToken(later.Id)!;
        clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Null(nodes.TakeSecrets(later.ReportKey, old, "10.0.0.1"));
        Assert.NotNull(nodes.TakeSecrets(later.ReportKey, nodes.MakeSecretToken(later.Id)!, "10.0.0.1"));
    }

    [Fact]
    public void SecretsAreNotShownAndStayWhenTheyAreNamedWithoutTheirContents()
    {
        NodeFile secret = new("/etc/key", "0600", [1, 2, 3]);
        nodes.Configure("52:54:00:00:00:01", _ => new NodeConfiguration { Secrets = [secret] });
        NodeConfiguration shown = nodes.Show("52:54:00:00:00:01").Node.Configuration.WithoutSecrets();
        Assert.Empty(Assert.Single(shown.Secrets).Content);
        nodes.Configure("52:54:00:00:00:01", (shown with { Hostname = "web3" }).WithSecretsOf);
        Assert.Equal(secret.Content, nodes.Show("web3").Node.Configuration.Secrets[0].Content);
    }

    [Fact]
    public void SecretsThatWereChangedOnTheWayAreRefusedAndNothingElse() =>
        Fuzzing.Mutate(
            20_000,
            SecretFiles.ToBytes([("/etc/a", 0x180, [1, 10, 2]), ("/root/.ssh/b c", 0x1A4, [])]),
            bytes =>
                Assert.All(
                    SecretFiles.Parse(bytes),
                    file =>
                    {
                        Assert.InRange(file.Mode, 0, 0xFFF);
                        Assert.DoesNotContain("..", file.Path.Split('/'));
                    }
                )
        );

    [Fact]
    public async Task WhoListensHearsOfChanges()
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        IAsyncEnumerator<NodeChange> changes = nodes.Feed.ListenAsync(stop.Token).GetAsyncEnumerator(stop.Token);
        ValueTask<bool> first = changes.MoveNextAsync();
        NodeBoot boot = Arrive().Boot!;
        Assert.True(await first);
        Assert.Equal(new NodeChange("boot", "52-54-00-00-00-01", boot.Id), changes.Current);
        await changes.DisposeAsync();
    }

    private static Dictionary<string, string> Labels(string name, string value) => new(StringComparer.Ordinal) { [name] = value };

    private NodeRegistry Registry(NodeOptions options) =>
        new(state, options, clock, new ServerLog(line => said.Add(line.ToString())), (id, digests) => kept[id] = digests);

    private NodeArrival Arrive(params ServedImage[] served) =>
        nodes.Arrive(Machine, "10.0.0.1", null, served.Length > 0 ? served : [New, Old]);
}
