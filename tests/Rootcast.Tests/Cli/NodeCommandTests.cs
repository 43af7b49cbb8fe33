using System.Net;
using Rootcast.Cli;
using Rootcast.Contract;
using Rootcast.Images.Initramfs;
using Rootcast.Images.Store;
using Rootcast.Init.Network;
using Rootcast.Protocols.Http;
using Rootcast.Server;
using Rootcast.Server.Api;
using Rootcast.Server.State;
using Rootcast.Server.Tls;
using Spectre.Console;

namespace Rootcast.Tests;

/// <summary><c>rootcast node</c> against a server, by HTTP and HTTPS.</summary>
public sealed class NodeCommandTests : IAsyncLifetime
{
    private const string Mac = "52:54:00:00:00:01";
    private readonly TemporaryDirectory folder = new();
    private readonly HttpClient machine = new();
    private readonly StringWriter output = new();
    private readonly StringWriter people = new();
    private readonly List<string> said = [];
    private ImageStore store = null!;
    private StateDatabase state = null!;
    private OwnCertificate certificate = null!;
    private BootServer server = null!;
    private string token = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = ImageStore.Open(folder.File("store"));
        InitramfsReasons reasons = new();
        reasons.Add(new InitramfsReason(InitramfsPaths.Authority, "the recipe", null));
        store.Publish(StoreSample.Put(store) with { InitramfsReasons = store.Put(reasons.ToBytes()) });
        state = StateDatabase.Open(folder.File("state"));
        token = new NodeTokens(state).MakeFirst()!;
        certificate = OwnCertificate.Open(folder.File("tls"), ["127.0.0.1"], TimeProvider.System);
        await File.WriteAllTextAsync(folder.File("authority.pem"), certificate.Authority, Cancellation);
        server = await BootServer.StartAsync(
            new BootServerOptions
            {
                Store = store,
                State = state,
                Http = new IPEndPoint(IPAddress.Loopback, 0),
                Https = new IPEndPoint(IPAddress.Loopback, 0),
                Certificate = certificate,
                Log = new ServerLog(line => said.Add(line.ToString())),
            },
            Cancellation
        );
        machine.BaseAddress = new Uri($"http://{server.Http}");
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        state.Dispose();
        certificate.Dispose();
        machine.Dispose();
        output.Dispose();
        people.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task ANodeIsSeenAndSteered()
    {
        string script = await ScriptAsync();
        using (StringContent report = new("mark init-start 900000000\nmark ready 9500000000\n"))
        {
            using HttpResponseMessage _ = await machine.PostAsync(Argument(script, "rootcast.report"), report, Cancellation);
        }
        Assert.Contains("52-54-00-00-00-01", await SaysAsync("list"), StringComparison.Ordinal);
        Assert.Equal($"52-54-00-00-00-01 has rack=3 role=web", await SaysAsync("label", Mac, "rack=3", "role=web"));
        Assert.Equal("52-54-00-00-00-01 has rack=3", await SaysAsync("label", Mac, "role-"));
        Assert.StartsWith("rack=3 gets try ", await SaysAsync("assign", "rack=3", "try"), StringComparison.Ordinal);
        Assert.Contains("rack=3", await SaysAsync("list", "--assignments"), StringComparison.Ordinal);
        Assert.Equal("[]", await SaysAsync("list", "--label", "rack=4", "--json"));
        Assert.Contains(" boots try ", await SaysAsync("reboot-to", Mac, "try"), StringComparison.Ordinal);
        Assert.Equal("nothing is assigned to rack=3 any more", await SaysAsync("rollback", "rack=3"));
        await File.WriteAllTextAsync(folder.File("motd"), "hello", Cancellation);
        Assert.Contains(
            "\"hostname\": \"web3\"",
            await SaysAsync("configure", Mac, "--hostname", "web3", "--file", $"/etc/motd={folder.File("motd")}:600"),
            StringComparison.Ordinal
        );
        string shown = await SaysAsync("configure", "web3", "--append", "quiet");
        Assert.Contains("\"/etc/motd\"", shown, StringComparison.Ordinal);
        Assert.Contains("\"mode\": \"600\"", shown, StringComparison.Ordinal);
        Assert.Contains("\"arguments\": \"quiet\"", await SaysAsync("configure", "rack=3", "--append", "quiet"), StringComparison.Ordinal);
        string log = await SaysAsync("log", "web3");
        Assert.Contains("  init-start  kernel 0.900 s\n", log, StringComparison.Ordinal);
        Assert.EndsWith("\nready", log, StringComparison.Ordinal);
        string node = await SaysAsync("show", "web3");
        Assert.Contains("host name   web3", node, StringComparison.Ordinal);
        Assert.Contains("configured  rack=3", node, StringComparison.Ordinal);
        Assert.Contains("next boot   try ", node, StringComparison.Ordinal);
        Assert.DoesNotContain("quiet", await SaysAsync("configure", "rack=3", "--clear"), StringComparison.Ordinal);
        Assert.DoesNotContain("configured", await SaysAsync("show", "web3"), StringComparison.Ordinal);
        Assert.Equal("52-54-00-00-00-01 may boot", await SaysAsync("approve", "web3"));
        Assert.Equal("52-54-00-00-00-01 is forgotten", await SaysAsync("forget", "web3"));
    }

    [Fact]
    public async Task ByHttpsTheServerIsJudgedByItsAuthority()
    {
        await ScriptAsync();
        string secure = $"https://{server.Https}";
        Assert.Equal(0, await RunAsync("list", "--json", "--server", secure, "--authority", folder.File("authority.pem")));
        Assert.Contains(NodeId(), output.ToString(), StringComparison.Ordinal);
        Assert.NotEqual(0, await RunAsync("list", "--server", secure));
        Assert.Contains("does not answer as one", people.ToString(), StringComparison.Ordinal);

        static string NodeId() => "52-54-00-00-00-01";
    }

    [Fact]
    public async Task WhatGoesWrongIsSaid()
    {
        Assert.Equal(ExitCodes.Input, await RunAsync("show", "nobody", "--server", $"http://{server.Http}"));
        Assert.Contains("There is no node 'nobody'.", people.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Input, await RunAsync("approve", Mac, "--server", $"http://{server.Http}", "--token", "wrong"));
        Assert.Contains("wants a token", people.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Input, await RunAsync("label", Mac, "a b", "--server", $"http://{server.Http}"));
        Assert.Equal(ExitCodes.Input, await RunAsync("list", "--server", "ftp://x"));
        Assert.Equal(ExitCodes.Failed, await RunAsync("list", "--server", "http://127.0.0.1:1"));
        Assert.Contains("Start it with 'rootcast serve'", people.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Init's own fetch: once, by HTTPS, for the token of the script.</summary>
    [Fact]
    public async Task SecretsReachTheNodeOnceAndNobodyElse()
    {
        await File.WriteAllTextAsync(folder.File("key"), "very private", Cancellation);
        Assert.Contains(
            "\"/etc/key\"",
            await SaysAsync("configure", Mac, "--secret", $"/etc/key={folder.File("key")}"),
            StringComparison.Ordinal
        );
        string script = await ScriptAsync();
        string secret = Argument(script, "rootcast.token");
        Assert.True(HttpUrl.TryParse(Argument(script, "rootcast.secrets"), out HttpUrl? url));
        Assert.Equal("https", url!.Scheme);
        byte[] authorities = System.Text.Encoding.ASCII.GetBytes(certificate.Authority);
        using (StringContent body = new(secret))
        {
            using HttpResponseMessage plain = await machine.PostAsync(url.Target, body, Cancellation);
            Assert.Equal(HttpStatusCode.Forbidden, plain.StatusCode);
        }
        (string path, int mode, byte[] content) = Assert.Single(SecretFetch.Fetch(url, IPAddress.Loopback, secret, authorities));
        Assert.Equal(("/etc/key", 0x180, "very private"), (path, mode, System.Text.Encoding.ASCII.GetString(content)));
        UserError error = Assert.Throws<UserError>(() => SecretFetch.Fetch(url, IPAddress.Loopback, secret, authorities));
        Assert.Contains("403", error.Message, StringComparison.Ordinal);
        string log = await SaysAsync("log", Mac);
        Assert.Contains("secrets given to 127.0.0.1", log, StringComparison.Ordinal);
        Assert.Contains("secrets refused to 127.0.0.1", log, StringComparison.Ordinal);
        Assert.DoesNotContain("very private", await SaysAsync("configure", Mac), StringComparison.Ordinal);
        await server.DisposeAsync();
        Assert.DoesNotContain(said, line => line.Contains(secret, StringComparison.Ordinal));
        Assert.DoesNotContain(said, line => line.Contains("very private", StringComparison.Ordinal));
    }

    private static string Argument(string script, string key) =>
        KernelArguments
            .Parse(script.Split('\n').Single(line => line.StartsWith("kernel ", StringComparison.Ordinal)).Split(" || ")[0])
            .Last(key)!;

    private Task<string> ScriptAsync() => machine.GetStringAsync($"/boot.ipxe?mac={Mac}", Cancellation);

    private async Task<string> SaysAsync(params string[] words)
    {
        output.GetStringBuilder().Clear();
        int code = await RunAsync([.. words, "--server", $"http://{server.Http}", "--token", token]);
        Assert.True(code == 0, people.ToString());
        return output.ToString().TrimEnd();
    }

    private async Task<int> RunAsync(params string[] words)
    {
        using Interruption interruption = new();
        Session session = new(output, Console(output), Console(people), Asking: false, folder.File("store"));
        return await CommandLine.RunAsync(["node", .. words], session, interruption);
    }

    private static IAnsiConsole Console(TextWriter writer)
    {
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(writer),
            }
        );
        console.Profile.Width = 200;
        return console;
    }
}
