using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rootcast.Server.Dashboard;

namespace Rootcast.Tests;

/// <summary>The dashboard as browsers see it: its pages and what they may do, of a server on a loopback port.</summary>
public sealed partial class DashboardSiteTests : IAsyncLifetime
{
    private ServedDashboard site = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => site = await ServedDashboard.MakeAsync();

    public ValueTask DisposeAsync() => site.DisposeAsync();

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
            using HttpResponseMessage response = await site.Machine.GetAsync(path, Cancellation);
            Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
            AssertSafe(response);
        }
        foreach (
            string path in (string[])
                ["/dashboard/none", "/dashboard/dashboard.exe", "/dashboard/..%2f..%2fetc/passwd", "/dashboard/reports/none"]
        )
        {
            using HttpResponseMessage response = await site.Machine.GetAsync(path, Cancellation);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            AssertSafe(response);
        }
        using HttpResponseMessage refused = await site.Machine.PostAsync("/dashboard", null, Cancellation);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.StatusCode);
        AssertSafe(refused);
    }

    [Fact]
    public async Task EveryModuleThatThePageImportsIsServed()
    {
        Queue<string> wanted = new(["dashboard.js"]);
        HashSet<string> seen = new(wanted, StringComparer.Ordinal);
        while (wanted.TryDequeue(out string? name))
        {
            using HttpResponseMessage response = await site.Machine.GetAsync($"/dashboard/{name}", Cancellation);
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{name}: {response.StatusCode}");
            Assert.Equal("text/javascript", response.Content.Headers.ContentType!.MediaType);
            AssertSafe(response);
            string module = await response.Content.ReadAsStringAsync(Cancellation);
            foreach (Match import in Import().Matches(module).Where(import => seen.Add(import.Groups["name"].Value)))
            {
                wanted.Enqueue(import.Groups["name"].Value);
            }
        }
        string[] carried =
        [
            .. typeof(DashboardOptions)
                .Assembly.GetManifestResourceNames()
                .Where(name =>
                    name.StartsWith("dashboard/", StringComparison.Ordinal) && name.EndsWith(".js.zst", StringComparison.Ordinal)
                )
                .Select(name => name["dashboard/".Length..^".zst".Length]),
        ];
        Assert.Equal(carried.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task BrowsersGetThePageAtTheRootAndProgramsText()
    {
        Assert.StartsWith("Rootcast serves", await site.Machine.GetStringAsync("/", Cancellation), StringComparison.Ordinal);
        using HttpRequestMessage request = new(HttpMethod.Get, "/");
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");
        using HttpResponseMessage response = await site.Machine.SendAsync(request, Cancellation);
        string page = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.StartsWith("<!doctype html>", page, StringComparison.Ordinal);
        // Nothing within the page that its policy would have to allow.
        Assert.DoesNotContain("<style", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(" style=", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch("<[^>]* on[a-z]+=", page);
        using HttpRequestMessage again = new(HttpMethod.Get, "/dashboard");
        again.Headers.IfNoneMatch.Add(response.Headers.ETag!);
        using HttpResponseMessage kept = await site.Machine.SendAsync(again, Cancellation);
        Assert.Equal(HttpStatusCode.NotModified, kept.StatusCode);
    }

    [Fact]
    public async Task AReportIsServedInAnOriginOfItsOwn()
    {
        string page = site.Folder.File("report.html");
        await File.WriteAllTextAsync(page, "<!doctype html><p>measured", Cancellation);
        MeasuredReport report = new("a b", "sha256:" + new string('1', 64), "measured", page);
        await site.RestartAsync(new DashboardOptions { Reports = () => [report] });
        JsonElement listed = JsonElement.Parse(await site.Machine.GetStringAsync("/dashboard/reports", Cancellation))[0];
        Assert.Equal(report.Digest, listed.GetProperty("digest").GetString());
        Assert.False(listed.TryGetProperty("file", out _));
        using HttpResponseMessage response = await site.Machine.GetAsync("/dashboard/reports/a%20b", Cancellation);
        Assert.Equal("<!doctype html><p>measured", await response.Content.ReadAsStringAsync(Cancellation));
        string policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("sandbox allow-scripts; default-src 'none'; ", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("allow-same-origin", policy, StringComparison.Ordinal);
        File.Delete(page);
        using HttpResponseMessage gone = await site.Machine.GetAsync("/dashboard/reports/a%20b", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task AStateThatCannotBeReadIsSaid()
    {
        site.State.Change(rows => rows.Execute("DROP TABLE sessions"));
        using HttpRequestMessage request = new(HttpMethod.Get, "/dashboard/session");
        request.Headers.Add("Cookie", "rootcast-session=" + new string('0', 64));
        using HttpResponseMessage response = await site.Machine.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.True(response.Headers.Contains("Content-Security-Policy"));
        Assert.Contains("cannot be read", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    private static void AssertSafe(HttpResponseMessage response)
    {
        string policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; ", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [GeneratedRegex("from \"\\./(?<name>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Import();
}
