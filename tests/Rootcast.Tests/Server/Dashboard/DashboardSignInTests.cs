using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Rootcast.Server.Dashboard;

namespace Rootcast.Tests;

/// <summary>Who may change something from a browser: signing in by token or password, and that no other page can have it done.</summary>
public sealed class DashboardSignInTests : IAsyncLifetime
{
    private const string Password = "correct horse battery";
    private ServedDashboard site = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => site = await ServedDashboard.MakeAsync();

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact]
    public async Task WhoIsSignedInMayChangeSomethingAndNobodyElse()
    {
        await site.Machine.GetStringAsync(ServedDashboard.Question, Cancellation);
        using HttpResponseMessage wrong = await SignInAsync("rc_wrong");
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.False(wrong.Headers.Contains("Set-Cookie"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AssignAsync(null, null));

        using HttpResponseMessage right = await SignInAsync(site.Token);
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
        Assert.Equal(HttpStatusCode.OK, await AssignAsync(session, proof, $"http://{site.Address}"));
        // Nor may a page have a proxy that puts in the token use it.
        Assert.Equal(HttpStatusCode.Forbidden, await AssignAsync(null, null, "http://evil.example", site.Token));

        // A server that starts anew knows it; who signs out is out.
        await site.RestartAsync(new DashboardOptions());
        Assert.Equal(HttpStatusCode.OK, await AssignAsync(session, proof));
        using HttpRequestMessage request = new(HttpMethod.Delete, "/dashboard/session");
        request.Headers.Add("Cookie", session);
        request.Headers.Add("X-Rootcast-Proof", proof);
        using HttpResponseMessage ended = await site.Machine.SendAsync(request, Cancellation);
        Assert.Contains("max-age=0", ended.Headers.GetValues("Set-Cookie").Single(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.Unauthorized, await AssignAsync(session, proof));
        string file = System.Text.Encoding.Latin1.GetString(
            await File.ReadAllBytesAsync(site.Folder.File("state/state.sqlite"), Cancellation)
        );
        Assert.DoesNotContain(session["rootcast-session=".Length..], file, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherPageMayNotSignABrowserIn()
    {
        using HttpResponseMessage refused = await SignInAsync(site.Token, "http://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        foreach (string body in (string[])["", "{", "{}", "{\"secret\":null}", new string('x', 5000)])
        {
            using StringContent content = new(body);
            using HttpResponseMessage bad = await site.Machine.PostAsync("/dashboard/session", content, Cancellation);
            Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        }
    }

    [Fact]
    public async Task APasswordIsTriedAFewTimesAndTheTokenStillHolds()
    {
        Assert.True(new OperatorPassword(site.State).Set(Password));
        Assert.False(new OperatorPassword(site.State).Set(Password));
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
        using HttpResponseMessage byToken = await SignInAsync(site.Token);
        Assert.Equal(HttpStatusCode.OK, byToken.StatusCode);

        // Another password signs everybody out.
        string session = right.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        string proof = await ProofAsync(right);
        Assert.Equal(HttpStatusCode.OK, await AssignAsync(session, proof));
        Assert.True(new OperatorPassword(site.State).Set("another horse"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AssignAsync(session, proof));
        string kept = site.State.Read(rows => rows.Query("SELECT hash FROM passwords", row => row.GetString(0))).Single();
        Assert.StartsWith("pbkdf2-sha256$600000$", kept, StringComparison.Ordinal);
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
        return await site.Machine.SendAsync(request, Cancellation);
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
        using HttpResponseMessage response = await site.Machine.SendAsync(request, Cancellation);
        return response.StatusCode;
    }
}
