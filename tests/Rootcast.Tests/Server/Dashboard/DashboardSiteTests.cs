using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Rootcast.Images.Store;
using Rootcast.Server;
using Rootcast.Server.Api;
using Rootcast.Server.Dashboard;
using Rootcast.Server.State;

namespace Rootcast.Tests;

/// <summary>The dashboard as browsers see it: pages, signing in and the stream of changes, of a server on a loopback port.</summary>
public sealed class DashboardSiteTests : IAsyncLifetime
{
    private const string Password = "correct horse battery";
    private const string Question = "/boot.ipxe?mac=52:54:00:00:00:01&uuid=5c41d7ce-0b0d-4a5d-9c5f-7e0e9a3b1c2d";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly TemporaryDirectory folder = new();
    private readonly HttpClient machine = new(new HttpClientHandler { UseCookies = false });
    private string token = "";
    private ImageStore store = null!;
    private StateDatabase state = null!;
    private BootServer server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = ImageStore.Open(folder.File("store"));
        store.Publish(StoreSample.Put(store));
        state = StateDatabase.Open(folder.File("state"));
        token = new NodeTokens(state).MakeFirst()!;
        await StartAsync(new DashboardOptions());
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        state.Dispose();
        machine.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task EveryPageForbidsScriptOfOthers()
    {
        foreach (
            (string path, string type) in ((string, string)[])
                [
                    ("/dashboard", "text/html"),
                    ("/dashboard/dashboard.js", "text/javascript"),
                    ("/dashboard/dashboard.css", "text/css"),
                    ("/dashboard/session", "application/json"),
                    ("/dashboard/reports", "application/json"),
                    ("/api/v1/nodes", "application/json"),
                    ("/api/v1/nothing", "application/json"),
                ]
        )
        {
            using HttpResponseMessage response = await machine.GetAsync(path, Cancellation);
            Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
            AssertSafe(response);
        }
        foreach (
            string path in (string[])
                ["/dashboard/none", "/dashboard/dashboard.exe", "/dashboard/..%2f..%2fetc/passwd", "/dashboard/reports/none"]
        )
        {
            using HttpResponseMessage response = await machine.GetAsync(path, Cancellation);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            AssertSafe(response);
        }
        using HttpResponseMessage refused = await machine.PostAsync("/dashboard", null, Cancellation);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.StatusCode);
        AssertSafe(refused);

        static void AssertSafe(HttpResponseMessage response)
        {
            string policy = response.Headers.GetValues("Content-Security-Policy").Single();
            Assert.StartsWith("default-src 'none'; ", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        }
    }

    [Fact]
    public async Task BrowsersGetThePageAtTheRootAndProgramsText()
    {
        Assert.StartsWith("Rootcast serves", await machine.GetStringAsync("/", Cancellation), StringComparison.Ordinal);
        using HttpRequestMessage request = new(HttpMethod.Get, "/");
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");
        using HttpResponseMessage response = await machine.SendAsync(request, Cancellation);
        string page = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.StartsWith("<!doctype html>", page, StringComparison.Ordinal);
        // Nothing within the page that its policy would have to allow.
        Assert.DoesNotContain("<style", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(" style=", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch("<[^>]* on[a-z]+=", page);
        using HttpRequestMessage again = new(HttpMethod.Get, "/dashboard");
        again.Headers.IfNoneMatch.Add(response.Headers.ETag!);
        using HttpResponseMessage kept = await machine.SendAsync(again, Cancellation);
        Assert.Equal(HttpStatusCode.NotModified, kept.StatusCode);
    }

    [Fact]
    public async Task WhoIsSignedInMayChangeSomethingAndNobodyElse()
    {
        await machine.GetStringAsync(Question, Cancellation);
        using HttpResponseMessage wrong = await SignInAsync("rc_wrong");
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.False(wrong.Headers.Contains("Set-Cookie"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AssignAsync(null, null));

        using HttpResponseMessage right = await SignInAsync(token);
        string cookie = Assert.Single(right.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("max-age=43200", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secure", cookie, StringComparison.OrdinalIgnoreCase);
        string session = cookie.Split(';')[0];
        string proof = await ProofAsync(right);
        Assert.Equal(HttpStatusCode.OK, await AssignAsync(session, proof));

        // The cookie alone is what another page could have sent.
        Assert.Equal(HttpStatusCode.Unauthorized, await AssignAsync(session, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await AssignAsync(session, new string('0', 64)));
        Assert.Equal(HttpStatusCode.Forbidden, await AssignAsync(session, proof, "http://evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await AssignAsync(session, proof, "null"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AssignAsync("rootcast-session=" + new string('0', 64), proof));
        Assert.Equal(HttpStatusCode.OK, await AssignAsync(session, proof, $"http://{server.Http}"));
        // Nor may a page have a proxy that puts in the token use it.
        Assert.Equal(HttpStatusCode.Forbidden, await AssignAsync(null, null, "http://evil.example", token));

        // A server that starts anew knows it; who signs out is out.
        await RestartAsync(new DashboardOptions());
        Assert.Equal(HttpStatusCode.OK, await AssignAsync(session, proof));
        using HttpRequestMessage request = new(HttpMethod.Delete, "/dashboard/session");
        request.Headers.Add("Cookie", session);
        request.Headers.Add("X-Rootcast-Proof", proof);
        using HttpResponseMessage ended = await machine.SendAsync(request, Cancellation);
        Assert.Contains("max-age=0", ended.Headers.GetValues("Set-Cookie").Single(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.Unauthorized, await AssignAsync(session, proof));
        string file = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(folder.File("state/state.sqlite"), Cancellation));
        Assert.DoesNotContain(session["rootcast-session=".Length..], file, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherPageMayNotSignABrowserIn()
    {
        using HttpResponseMessage refused = await SignInAsync(token, "http://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        foreach (string body in (string[])["", "{", "{}", "{\"secret\":null}", new string('x', 5000)])
        {
            using StringContent content = new(body);
            using HttpResponseMessage bad = await machine.PostAsync("/dashboard/session", content, Cancellation);
            Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        }
    }

    [Fact]
    public async Task APasswordIsTriedAFewTimesAndTheTokenStillHolds()
    {
        Assert.True(new OperatorPassword(state).Set(Password));
        Assert.False(new OperatorPassword(state).Set(Password));
        using HttpResponseMessage right = await SignInAsync(Password);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        for (int i = 0; i < 5; i++)
        {
            using HttpResponseMessage wrong = await SignInAsync("wrong " + i);
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }
        using HttpResponseMessage tooMany = await SignInAsync(Password);
        Assert.Equal(HttpStatusCode.TooManyRequests, tooMany.StatusCode);
        Assert.InRange(tooMany.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 300);
        using HttpResponseMessage byToken = await SignInAsync(token);
        Assert.Equal(HttpStatusCode.OK, byToken.StatusCode);

        // Another password signs everybody out.
        string session = right.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        string proof = await ProofAsync(right);
        Assert.Equal(HttpStatusCode.OK, await AssignAsync(session, proof));
        Assert.True(new OperatorPassword(state).Set("another horse"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AssignAsync(session, proof));
        string kept = state.Read(rows => rows.Query("SELECT hash FROM passwords", row => row.GetString(0))).Single();
        Assert.StartsWith("pbkdf2-sha256$600000$", kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AChangeIsToldAndWhoComesBackMissesNothing()
    {
        await machine.GetStringAsync(Question, Cancellation);
        string last;
        using (StreamReader stream = await ListenAsync(null))
        {
            (string id, JsonElement hello) = await UntilAsync(stream, "hello");
            Assert.False(hello.GetProperty("resumed").GetBoolean());
            Assert.False(hello.GetProperty("mustBeApproved").GetBoolean());
            await SendAsync(HttpMethod.Patch, "/api/v1/nodes/52-54-00-00-00-01/labels", """{"set":{"rack":"3"}}""");
            (last, JsonElement node) = await UntilAsync(stream, "node");
            Assert.NotEqual(id, last);
            Assert.Equal("3", node.GetProperty("labels").GetProperty("rack").GetString());
        }
        await SendAsync(HttpMethod.Post, "/api/v1/assignments", """{"target":"*","image":"try"}""");
        using (StreamReader stream = await ListenAsync(last))
        {
            Assert.True((await UntilAsync(stream, "hello")).Data.GetProperty("resumed").GetBoolean());
            Assert.Equal("*", (await UntilAsync(stream, "assignments")).Data[0].GetProperty("pattern").GetString());
        }
        using (StreamReader stream = await ListenAsync("00000000-1"))
        {
            Assert.False((await UntilAsync(stream, "hello")).Data.GetProperty("resumed").GetBoolean());
            await SendAsync(HttpMethod.Delete, "/api/v1/nodes/52-54-00-00-00-01", "");
            Assert.Equal("52-54-00-00-00-01", (await UntilAsync(stream, "gone")).Data.GetProperty("id").GetString());
        }
    }

    [Fact]
    public async Task ManyChangesAtOnceAreOne()
    {
        using StreamReader stream = await ListenAsync(null);
        await UntilAsync(stream, "hello");
        // As another server would that shares the state: nothing tells this one.
        state.Change(rows =>
        {
            for (int i = 0; i < 300; i++)
            {
                rows.Execute(
                    "INSERT INTO nodes (id, approved, created, seen, address, next_image, next_digest, configuration) VALUES (@id, 1, 0, 0, '', '', '', '')",
                    ("@id", $"serial-{i}")
                );
            }
            return 0;
        });
        await UntilAsync(stream, "reset");
    }

    [Fact]
    public async Task TooManyListenersAreToldToComeLater()
    {
        await RestartAsync(new DashboardOptions { MostListeners = 1 });
        using StreamReader stream = await ListenAsync(null);
        await UntilAsync(stream, "hello");
        using HttpResponseMessage refused = await machine.GetAsync("/dashboard/events", Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
    }

    [Fact]
    public async Task WhatMachinesSayArrivesAsTextInJson()
    {
        const string Hostile = "</script><img src=x onerror=alert(1)>\"'\u2028<b>";
        string report = (await machine.GetStringAsync(Question, Cancellation))
            .Split(["rootcast.report=", " "], StringSplitOptions.None)
            .First(word => word.Contains("/boots/", StringComparison.Ordinal) && !word.Contains("initrd", StringComparison.Ordinal));
        using StreamReader stream = await ListenAsync(null);
        await UntilAsync(stream, "hello");
        using StringContent said = new($"fail {Hostile}\nkernel {Hostile}\n");
        using HttpResponseMessage taken = await machine.PostAsync(report, said, Cancellation);
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        Assert.Equal("52-54-00-00-00-01", (await UntilAsync(stream, "boot")).Data.GetProperty("id").GetString());
        JsonElement log = JsonElement.Parse(await machine.GetStringAsync("/api/v1/nodes/52-54-00-00-00-01/log", Cancellation));
        JsonElement screen = log.GetProperty("moments").EnumerateArray().First(one => one.GetProperty("kind").GetString() == "fail");
        Assert.Equal(Hostile, screen.GetProperty("name").GetString());
        using HttpResponseMessage raw = await machine.GetAsync("/api/v1/nodes/52-54-00-00-00-01/log", Cancellation);
        Assert.DoesNotContain("<", await raw.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AReportIsServedInAnOriginOfItsOwn()
    {
        string page = folder.File("report.html");
        await File.WriteAllTextAsync(page, "<!doctype html><p>measured", Cancellation);
        MeasuredReport report = new("a b", "sha256:" + new string('1', 64), "measured", page);
        await RestartAsync(new DashboardOptions { Reports = () => [report] });
        JsonElement listed = JsonElement.Parse(await machine.GetStringAsync("/dashboard/reports", Cancellation))[0];
        Assert.Equal(report.Digest, listed.GetProperty("digest").GetString());
        Assert.False(listed.TryGetProperty("file", out _));
        using HttpResponseMessage response = await machine.GetAsync("/dashboard/reports/a%20b", Cancellation);
        Assert.Equal("<!doctype html><p>measured", await response.Content.ReadAsStringAsync(Cancellation));
        string policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("sandbox allow-scripts; default-src 'none'; ", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("allow-same-origin", policy, StringComparison.Ordinal);
        File.Delete(page);
        using HttpResponseMessage gone = await machine.GetAsync("/dashboard/reports/a%20b", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task AStateThatCannotBeReadIsSaid()
    {
        state.Change(rows => rows.Execute("DROP TABLE sessions"));
        using HttpRequestMessage request = new(HttpMethod.Get, "/dashboard/session");
        request.Headers.Add("Cookie", "rootcast-session=" + new string('0', 64));
        using HttpResponseMessage response = await machine.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.True(response.Headers.Contains("Content-Security-Policy"));
        Assert.Contains("cannot be read", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServerStopsWhileBrowsersListen()
    {
        using StreamReader stream = await ListenAsync(null);
        await UntilAsync(stream, "hello");
        Task stopping = server.DisposeAsync().AsTask();
        Assert.Null(await LastLineAsync(stream).WaitAsync(Deadline, Cancellation));
        await stopping.WaitAsync(Deadline, Cancellation);
        await StartAsync(new DashboardOptions());

        static async Task<string?> LastLineAsync(StreamReader stream)
        {
            string? line;
            do
            {
                line = await stream.ReadLineAsync(Cancellation);
            } while (line is not null);
            return line;
        }
    }

    private async Task StartAsync(DashboardOptions options)
    {
        server = await BootServer.StartAsync(
            new BootServerOptions
            {
                Store = store,
                State = state,
                Dashboard = options,
                Http = new IPEndPoint(IPAddress.Loopback, machine.BaseAddress?.Port ?? 0),
                Log = new ServerLog(_ => { }),
            },
            Cancellation
        );
        machine.BaseAddress ??= new Uri($"http://{server.Http}");
    }

    private async Task RestartAsync(DashboardOptions options)
    {
        await server.DisposeAsync();
        await StartAsync(options);
    }

    private async Task<HttpResponseMessage> SignInAsync(string secret, string? origin = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/dashboard/session")
        {
            Content = new StringContent($"{{\"secret\":\"{secret}\"}}"),
        };
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }
        return await machine.SendAsync(request, Cancellation);
    }

    private static async Task<string> ProofAsync(HttpResponseMessage signedIn) =>
        JsonElement.Parse(await signedIn.Content.ReadAsStringAsync(Cancellation)).GetProperty("proof").GetString()!;

    private async Task<HttpStatusCode> AssignAsync(string? session, string? proof, string? origin = null, string? bearer = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/v1/assignments")
        {
            Content = new StringContent("""{"target":"*","image":"try"}"""),
        };
        if (session is not null)
        {
            request.Headers.Add("Cookie", session);
        }
        if (proof is not null)
        {
            request.Headers.Add("X-Rootcast-Proof", proof);
        }
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }
        request.Headers.Authorization = bearer is null ? null : new AuthenticationHeaderValue("Bearer", bearer);
        using HttpResponseMessage response = await machine.SendAsync(request, Cancellation);
        return response.StatusCode;
    }

    private async Task SendAsync(HttpMethod method, string path, string body)
    {
        using HttpRequestMessage request = new(method, path) { Content = new StringContent(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage response = await machine.SendAsync(request, Cancellation);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    private async Task<StreamReader> ListenAsync(string? last)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/dashboard/events");
        if (last is not null)
        {
            request.Headers.Add("Last-Event-ID", last);
        }
        HttpResponseMessage response = await machine.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        return new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));
    }

    /// <summary>The next event of a kind.</summary>
    private static async Task<(string Id, JsonElement Data)> UntilAsync(StreamReader stream, string kind)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(Deadline);
        string id = "";
        bool isWanted = false;
        while (true)
        {
            string line = await stream.ReadLineAsync(deadline.Token) ?? throw new EndOfStreamException($"the stream ended before {kind}");
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                id = line["id: ".Length..];
            }
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                isWanted = line == $"event: {kind}";
            }
            else if (isWanted && line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return (id, JsonElement.Parse(line["data: ".Length..]));
            }
        }
    }
}
