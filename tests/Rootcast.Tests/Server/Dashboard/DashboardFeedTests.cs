using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Rootcast.Server.Dashboard;

namespace Rootcast.Tests;

/// <summary>The stream of changes that a browser listens to.</summary>
public sealed class DashboardFeedTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private ServedDashboard site = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => site = await ServedDashboard.MakeAsync();

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact]
    public async Task AChangeIsToldAndWhoComesBackMissesNothing()
    {
        await site.Machine.GetStringAsync(ServedDashboard.Question, Cancellation);
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
        site.State.Change(rows =>
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
        await site.RestartAsync(new DashboardOptions { MostListeners = 1 });
        using StreamReader stream = await ListenAsync(null);
        await UntilAsync(stream, "hello");
        using HttpResponseMessage refused = await site.Machine.GetAsync("/dashboard/events", Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
    }

    [Fact]
    public async Task WhatMachinesSayArrivesAsTextInJson()
    {
        const string Hostile = "</script><img src=x onerror=alert(1)>\"'\u2028<b>";
        string report = (await site.Machine.GetStringAsync(ServedDashboard.Question, Cancellation))
            .Split(["rootcast.report=", " "], StringSplitOptions.None)
            .First(word => word.Contains("/boots/", StringComparison.Ordinal) && !word.Contains("initrd", StringComparison.Ordinal));
        using StreamReader stream = await ListenAsync(null);
        await UntilAsync(stream, "hello");
        using StringContent said = new($"fail {Hostile}\nkernel {Hostile}\n");
        using HttpResponseMessage taken = await site.Machine.PostAsync(report, said, Cancellation);
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        Assert.Equal("52-54-00-00-00-01", (await UntilAsync(stream, "boot")).Data.GetProperty("id").GetString());
        JsonElement log = JsonElement.Parse(await site.Machine.GetStringAsync("/api/v1/nodes/52-54-00-00-00-01/log", Cancellation));
        JsonElement screen = log.GetProperty("moments").EnumerateArray().First(one => one.GetProperty("kind").GetString() == "fail");
        Assert.Equal(Hostile, screen.GetProperty("name").GetString());
        using HttpResponseMessage raw = await site.Machine.GetAsync("/api/v1/nodes/52-54-00-00-00-01/log", Cancellation);
        Assert.DoesNotContain("<", await raw.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServerStopsWhileBrowsersListen()
    {
        using StreamReader stream = await ListenAsync(null);
        await UntilAsync(stream, "hello");
        Task stopping = site.StopAsync().AsTask();
        Assert.Null(await LastLineAsync(stream).WaitAsync(Deadline, Cancellation));
        await stopping.WaitAsync(Deadline, Cancellation);
        await site.StartAsync(new DashboardOptions());

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

    private async Task SendAsync(HttpMethod method, string path, string body)
    {
        using HttpRequestMessage request = new(method, path) { Content = new StringContent(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", site.Token);
        using HttpResponseMessage response = await site.Machine.SendAsync(request, Cancellation);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    private async Task<StreamReader> ListenAsync(string? last)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/dashboard/events");
        if (last is not null)
        {
            request.Headers.Add("Last-Event-ID", last);
        }
        HttpResponseMessage response = await site.Machine.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
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
