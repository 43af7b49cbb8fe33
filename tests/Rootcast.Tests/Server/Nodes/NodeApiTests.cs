using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Rootcast.Contract;
using Rootcast.Images.Store;
using Rootcast.Server;
using Rootcast.Server.Api;
using Rootcast.Server.Dashboard;
using Rootcast.Server.Nodes;
using Rootcast.Server.State;

namespace Rootcast.Tests;

/// <summary>Nodes as machines and operators' programs see them: scripts, reports and <c>/api/v1</c> of a server on a loopback port.</summary>
public sealed class NodeApiTests : IAsyncLifetime
{
    private const string Node = "/api/v1/nodes/52-54-00-00-00-01";
    private const string Question = "/boot.ipxe?mac=52:54:00:00:00:01&uuid=5c41d7ce-0b0d-4a5d-9c5f-7e0e9a3b1c2d";
    private readonly TemporaryDirectory folder = new();
    private readonly HttpClient machine = new();
    private readonly HttpClient operators = new();
    private ImageStore store = null!;
    private StateDatabase state = null!;
    private BootServer server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = ImageStore.Open(folder.File("store"));
        store.Publish(StoreSample.Put(store));
        state = StateDatabase.Open(folder.File("state"));
        operators.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", new NodeTokens(state).MakeFirst());
        await StartAsync(new NodeOptions());
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        state.Dispose();
        machine.Dispose();
        operators.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task AScriptBeginsABootThatReportsAndIsSeenByPrograms()
    {
        KernelArguments line = Line(await machine.GetStringAsync(Question, Cancellation));
        string report = line.Last("rootcast.report")!;
        await machine.GetByteArrayAsync(Word(await machine.GetStringAsync(Question, Cancellation), "kernel "), Cancellation);
        await machine.GetByteArrayAsync(line.Last("rootcast.url")!, Cancellation);
        await PostAsync(report, "mark init-start 900000000\nmark root-mounted 1500000000\n");
        await PostAsync(report, "uptime 12.34 40.00   \n");
        JsonElement log = await GetAsync($"{Node}/log");
        Assert.Equal("ready", log.GetProperty("boot").GetProperty("outcome").GetString());
        Assert.Equal(
            ["script", "kernel", "artefact", "init-start", "root-mounted", "ready"],
            log.GetProperty("moments").EnumerateArray().Select(moment => moment.GetProperty("name").GetString())
        );
        Assert.Equal(12.34, log.GetProperty("moments")[5].GetProperty("clock").GetDouble());
        Assert.Equal(6, log.GetProperty("moments")[1].GetProperty("bytes").GetInt64());
        JsonElement node = (await GetAsync("/api/v1/nodes"))[0];
        Assert.Equal("52-54-00-00-00-01", node.GetProperty("id").GetString());
        Assert.Equal(2, node.GetProperty("keys").GetArrayLength());
    }

    [Fact]
    public async Task AMachineThatSaysNothingOfItselfIsAskedToAndThenKnown()
    {
        string script = await machine.GetStringAsync("/boot.ipxe?form=tmpfs", Cancellation);
        Assert.Contains(
            $"chain --replace http://{server.Http}/boot.ipxe?form=tmpfs&mac=${{netX/mac:hexhyp}}&uuid=${{uuid}}&serial=${{serial:uristring}} ",
            script,
            StringComparison.Ordinal
        );
        Assert.Contains("boot.ipxe?mac=${", await machine.GetStringAsync("/boot.ipxe", Cancellation), StringComparison.Ordinal);
        Assert.Contains(
            "kernel --name",
            await machine.GetStringAsync("/boot.ipxe?mac=52:54:00:00:00:09&uuid=&serial=", Cancellation),
            StringComparison.Ordinal
        );
        Assert.Equal(1, (await GetAsync("/api/v1/nodes")).GetArrayLength());
    }

    [Fact]
    public async Task ANodeWaitsUntilItIsApproved()
    {
        await server.DisposeAsync();
        await StartAsync(new NodeOptions { MustBeApproved = true });
        string script = await machine.GetStringAsync(Question, Cancellation);
        Assert.Contains("echo Rootcast: node 52-54-00-00-00-01 waits until it is approved\n", script, StringComparison.Ordinal);
        string again = script.Split('\n').Single(text => text.StartsWith("chain --replace ", StringComparison.Ordinal))[
            "chain --replace ".Length..
        ];
        Assert.Contains("question=2", await machine.GetStringAsync(again, Cancellation), StringComparison.Ordinal);
        Assert.EndsWith(
            "exit 1\n",
            await machine.GetStringAsync(again.Replace("question=1", "question=360", StringComparison.Ordinal), Cancellation),
            StringComparison.Ordinal
        );
        using HttpResponseMessage approved = await operators.PostAsync($"{Node}/approve", null, Cancellation);
        Assert.Equal(HttpStatusCode.OK, approved.StatusCode);
        Assert.Contains("kernel --name", await machine.GetStringAsync(again, Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAssignedVersionStaysWhenItsNameMovesOn()
    {
        string first = await DigestOfScriptAsync();
        await SendAsync(HttpMethod.Post, "/api/v1/assignments", """{"target":"rack=3","image":"try"}""");
        await SendAsync(HttpMethod.Patch, $"{Node}/labels", """{"set":{"rack":"3"}}""");
        store.Publish(StoreSample.Put(store, content: "two") with { Created = DateTimeOffset.UnixEpoch.AddYears(51) });
        store.CollectGarbage();
        Assert.Equal(first, await DigestOfScriptAsync());
        await SendAsync(HttpMethod.Post, "/api/v1/assignments", """{"target":"rack=3","image":"try"}""");
        string second = await DigestOfScriptAsync();
        Assert.NotEqual(first, second);
        JsonElement back = await SendAsync(HttpMethod.Post, "/api/v1/rollback", """{"target":"rack=3"}""");
        Assert.Equal("rack=3", back.GetProperty("now").GetProperty("pattern").GetString());
        Assert.Equal(first, await DigestOfScriptAsync());
        Assert.Equal("squashfs one", await machine.GetStringAsync($"/blobs/sha256/{first}", Cancellation));
    }

    [Fact]
    public async Task WhatANodeHasOfItsOwnIsInItsInitrdAndOnItsLine()
    {
        await machine.GetStringAsync(Question, Cancellation);
        await SendAsync(
            HttpMethod.Put,
            $"{Node}/configuration",
            """{"hostname":"web3","ip":"dhcp","sshKeys":["ssh-ed25519 AAAA me"],"arguments":"quiet rootcast.timeout=9","files":[{"path":"/etc/motd","mode":"0600","content":"aGVsbG8="}]}"""
        );
        string script = await machine.GetStringAsync(Question, Cancellation);
        KernelArguments line = Line(script);
        Assert.Equal("dhcp", line.Last("ip"));
        Assert.Equal("9", line.Last("rootcast.timeout"));
        byte[] initrd = await machine.GetByteArrayAsync(Word(script, "initrd "), Cancellation);
        int archive = initrd.AsSpan().IndexOf("070701"u8);
        Assert.Equal(0, archive % 4);
        string text = System.Text.Encoding.Latin1.GetString(initrd);
        Assert.StartsWith("initramfs", text, StringComparison.Ordinal);
        Assert.Contains("etc/rootcast/node/tree/etc/hostname\0", text, StringComparison.Ordinal);
        Assert.Contains("web3\n", text, StringComparison.Ordinal);
        Assert.Contains("root/.ssh/authorized_keys\0", text, StringComparison.Ordinal);
        Assert.Contains("hello", text, StringComparison.Ordinal);
        using HttpResponseMessage open = await machine.GetAsync($"{Node}/configuration", Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, open.StatusCode);
    }

    [Fact]
    public async Task AGroupsConfigurationIsEachNodesUnlessItHasItsOwn()
    {
        await machine.GetStringAsync(Question, Cancellation);
        await SendAsync(HttpMethod.Patch, $"{Node}/labels", """{"set":{"rack":"3"}}""");
        await SendAsync(
            HttpMethod.Put,
            "/api/v1/groups/*/configuration",
            """{"sshKeys":["ssh-ed25519 AAAA all"],"arguments":"quiet of=all","files":[{"path":"/etc/motd","mode":"0644","content":"bW90ZCBvZiBhbGw="}]}"""
        );
        await SendAsync(
            HttpMethod.Put,
            "/api/v1/groups/rack%3D3/configuration",
            """{"sshKeys":["ssh-ed25519 BBBB rack"],"arguments":"of=rack","files":[{"path":"/etc/motd","mode":"0644","content":"bW90ZCBvZiB0aGUgcmFjaw=="}]}"""
        );
        await SendAsync(HttpMethod.Put, "/api/v1/groups/rack=4/configuration", """{"arguments":"of=another"}""");
        await SendAsync(HttpMethod.Put, $"{Node}/configuration", """{"hostname":"web3","arguments":"of=own"}""");
        string script = await machine.GetStringAsync(Question, Cancellation);
        Assert.EndsWith(" quiet of=all of=rack of=own || goto again", Command(script, "kernel "), StringComparison.Ordinal);
        string text = System.Text.Encoding.Latin1.GetString(await machine.GetByteArrayAsync(Word(script, "initrd "), Cancellation));
        Assert.Contains("web3\n", text, StringComparison.Ordinal);
        Assert.Contains("ssh-ed25519 AAAA all\nssh-ed25519 BBBB rack\n", text, StringComparison.Ordinal);
        Assert.Contains("motd of the rack", text, StringComparison.Ordinal);
        Assert.DoesNotContain("motd of all", text, StringComparison.Ordinal);
        Assert.Equal(["*", "rack=3"], (await GetAsync(Node)).GetProperty("groups").EnumerateArray().Select(group => group.GetString()));
        await SendAsync(HttpMethod.Put, "/api/v1/groups/rack=4/configuration", "{}");
        JsonElement groups = JsonElement.Parse(await operators.GetStringAsync("/api/v1/groups", Cancellation));
        Assert.Equal(["*", "rack=3"], groups.EnumerateObject().Select(group => group.Name));
        foreach (string refused in (string[])["groups/rack=3/configuration", "groups/none/configuration"])
        {
            using StringContent body = new("""{"hostname":"one-of-many"}""");
            using HttpResponseMessage answer = await operators.PutAsync($"/api/v1/{refused}", body, Cancellation);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
    }

    [Fact]
    public async Task WhatChangesSomethingTakesTheToken()
    {
        await machine.GetStringAsync(Question, Cancellation);
        NodeApi api = new(null!, null!, OperatorSignIn.Of(state, TimeProvider.System));
        foreach ((string method, string path, bool _) in api.Routes.Where(route => route.NeedsToken))
        {
            foreach (string? token in (string?[])[null, "rc_wrong", ""])
            {
                using HttpRequestMessage request = new(
                    new HttpMethod(method),
                    path.Replace("{node}", "52-54-00-00-00-01", StringComparison.Ordinal)
                );
                request.Headers.TryAddWithoutValidation("Authorization", token is null ? null : $"Bearer {token}");
                using HttpResponseMessage response = await machine.SendAsync(request, Cancellation);
                Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
                Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
            }
        }
        Assert.All(api.Routes, route => Assert.True(route.NeedsToken || route.Method == "GET"));
        Assert.Null(new NodeTokens(state).MakeFirst());
        string file = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(folder.File("state/state.sqlite"), Cancellation));
        Assert.DoesNotContain(operators.DefaultRequestHeaders.Authorization!.Parameter!, file, StringComparison.Ordinal);
    }

    /// <summary>Else anybody on the network could make a node fall back to another image.</summary>
    [Fact]
    public async Task WhatABootReportsWithIsShownToNobody()
    {
        string report = Line(await machine.GetStringAsync(Question, Cancellation)).Last("rootcast.report")!;
        string key = report[(report.LastIndexOf('/') + 1)..];
        // As init sends it when it fails: the kernel's log has its command line, and a line that was cut off may have a part of the key.
        await PostAsync(report, $"mark init-start 900000000\nkernel Command line: rootcast.report={report} quiet\nkernel {report[..^1]}\n");
        string boot = (await GetAsync($"{Node}/log")).GetProperty("boot").GetProperty("id").GetString()!;
        foreach ((string method, string path, bool _) in new NodeApi(null!, null!, null!).Routes.Where(route => route.Method == "GET"))
        {
            string target = path.Replace("{node}", Node[(Node.LastIndexOf('/') + 1)..], StringComparison.Ordinal)
                .Replace("{boot}", boot, StringComparison.Ordinal)
                .Replace("{group}", "rack=3", StringComparison.Ordinal);
            Assert.DoesNotContain(key[..8], await operators.GetStringAsync(target, Cancellation), StringComparison.Ordinal);
        }
        using StringContent lie = new("fail  Failed  no root\n");
        using HttpResponseMessage refused = await machine.PostAsync($"/boots/{boot}", lie, Cancellation);
        Assert.NotEqual(HttpStatusCode.OK, refused.StatusCode);
        Assert.Equal("open", (await GetAsync($"{Node}/log")).GetProperty("boot").GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task TheDocumentNamesEveryRouteAndNothingElse()
    {
        JsonElement document = await GetAsync("/api/v1/openapi.json");
        IEnumerable<(string, string, bool)> named =
            from path in document.GetProperty("paths").EnumerateObject()
            from method in path.Value.EnumerateObject()
            select (method.Name.ToUpperInvariant(), path.Name, method.Value.TryGetProperty("security", out _));
        Assert.Equal(new NodeApi(null!, null!, null!).Routes.Order(), named.Order());
        string[] schemas = [.. document.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(schema => schema.Name)];
        string text = document.GetRawText();
        Assert.All(schemas, name => Assert.Contains($"#/components/schemas/{name}\"", text, StringComparison.Ordinal));
        foreach (string reference in text.Split("#/components/schemas/").Skip(1))
        {
            Assert.Contains(reference[..reference.IndexOf('"', StringComparison.Ordinal)], schemas);
        }
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing", "", 404)]
    [InlineData("GET", "/api/v1/nodes/none", "", 400)]
    [InlineData("POST", "/api/v1/nodes", "", 405)]
    [InlineData("POST", "/api/v1/assignments", "{", 400)]
    [InlineData("POST", "/api/v1/assignments", "{\"target\":\"*\"}", 400)]
    [InlineData("POST", "/api/v1/assignments", "{\"target\":null,\"image\":\"try\"}", 400)]
    [InlineData("POST", "/api/v1/assignments", "{\"target\":\"*\",\"image\":\"try\",\"more\":1}", 400)]
    [InlineData("POST", "/api/v1/assignments", "{\"target\":\"*\",\"image\":\"nothing\"}", 400)]
    [InlineData("POST", "/api/v1/rollback", "{\"target\":\"*\"}", 400)]
    [InlineData("POST", "/boots/00000000000000000000000000000000", "mark ready 1", 404)]
    [InlineData("GET", "/boots/00000000000000000000000000000000", "", 405)]
    public async Task BadRequestsAreRefusedInWords(string method, string path, string body, int status)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path) { Content = body.Length > 0 ? new StringContent(body) : null };
        using HttpResponseMessage response = await operators.SendAsync(request, Cancellation);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task AReportThatIsTooLongIsRefused()
    {
        string report = Line(await machine.GetStringAsync(Question, Cancellation)).Last("rootcast.report")!;
        using ByteArrayContent body = new(new byte[300_000]);
        using HttpResponseMessage response = await machine.PostAsync(report, body, Cancellation);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    private static string Command(string script, string start) =>
        script.Split('\n').Single(line => line.StartsWith(start, StringComparison.Ordinal));

    private static KernelArguments Line(string script) => KernelArguments.Parse(Command(script, "kernel ").Split(" || ")[0]);

    private static string Word(string script, string start) =>
        Command(script, start).Split(' ').First(word => word.StartsWith("http://", StringComparison.Ordinal));

    private async Task StartAsync(NodeOptions options)
    {
        server = await BootServer.StartAsync(
            new BootServerOptions
            {
                Store = store,
                State = state,
                Nodes = options,
                Http = machine.BaseAddress is { } before
                    ? new IPEndPoint(IPAddress.Loopback, before.Port)
                    : new IPEndPoint(IPAddress.Loopback, 0),
                Log = new ServerLog(_ => { }),
            },
            Cancellation
        );
        if (machine.BaseAddress is null)
        {
            machine.BaseAddress = operators.BaseAddress = new Uri($"http://{server.Http}");
        }
    }

    private async Task<string> DigestOfScriptAsync()
    {
        KernelArguments line = Line(await machine.GetStringAsync(Question, Cancellation));
        // As if it had booted: the next question is another boot.
        await PostAsync(line.Last("rootcast.report")!, "mark ready 1000000000\n");
        return new Uri(line.Last("rootcast.url")!).AbsolutePath["/blobs/sha256/".Length..];
    }

    private async Task PostAsync(string url, string body)
    {
        using StringContent content = new(body);
        using HttpResponseMessage response = await machine.PostAsync(url, content, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task<JsonElement> GetAsync(string path) => JsonElement.Parse(await machine.GetStringAsync(path, Cancellation));

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, string body)
    {
        using HttpRequestMessage request = new(method, path) { Content = new StringContent(body) };
        using HttpResponseMessage response = await operators.SendAsync(request, Cancellation);
        string answer = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, answer);
        return JsonElement.Parse(answer);
    }
}
