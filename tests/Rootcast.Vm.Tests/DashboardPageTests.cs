using System.Net;
using Microsoft.Playwright;
using Rootcast.Contract;
using Rootcast.Lab.Measuring;
using Rootcast.Lab.Reports;
using Rootcast.Server;
using Rootcast.Server.Dashboard;
using Rootcast.Server.Nodes;
using Rootcast.Tests;
using static Microsoft.Playwright.Assertions;

namespace Rootcast.Vm.Tests;

/// <summary>The dashboard in a real browser, with machines that only say what machines say.</summary>
public sealed class DashboardPageTests : IAsyncLifetime
{
    private const string First = "52-54-00-00-00-01";
    private const string Second = "52-54-00-00-00-02";
    private const string Hostile = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>";
    private ServedDashboard _site = null!;
    private Browser _browser = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _browser = await Browser.StartAsync();
        _site = await ServedDashboard.MakeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_site is not null)
        {
            await _site.DisposeAsync();
        }
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }
    }

    [Fact]
    public async Task WhatHappensIsSeenWithoutReloading()
    {
        IPage page = await OpenAsync(1300, 900);
        await Expect(page.Locator("#no-nodes")).ToBeVisibleAsync();
        string report = await BootAsync(1);
        await Expect(Row(page, First)).ToContainTextAsync("booting");
        await page.GetByRole(AriaRole.Button, new() { Name = First }).First.ClickAsync();
        await Expect(page.Locator("#node-title")).ToBeFocusedAsync();
        await SayAsync(report, "mark init-start 900000000\nmark root-mounted 1500000000\n");
        await Expect(page.Locator(".timeline")).ToContainTextAsync("root-mounted");
        await SayAsync(report, "uptime 12.34 40.00\n");
        await Expect(Row(page, First)).ToContainTextAsync("ready");
        await Expect(page.Locator(".timeline .name")).ToHaveTextAsync(["script", "init-start", "root-mounted", "ready"]);
        await Expect(page.Locator("#spoken")).ToContainTextAsync($"{First}: ready");
        await Expect(page.Locator("#image-table")).ToContainTextAsync(First);
        await Browser.KeepAsync(page, "dashboard-wide");
        // Its address names the node: who is sent it sees the same.
        await page.ReloadAsync();
        await Expect(page.Locator(".timeline .name").Last).ToHaveTextAsync("ready");
        Assert.Empty(_browser.Complaints);
    }

    [Fact]
    public async Task WhatAMachineSaysIsShownAndNotRun()
    {
        string report = await BootAsync(1);
        IPage page = await OpenAsync(390, 844);
        await page.GetByRole(AriaRole.Button, new() { Name = First }).First.ClickAsync();
        await SayAsync(report, $"fail {Hostile}\nfail second line\nkernel {Hostile}{new string('x', 900)}\nlog {Hostile}\n");
        await Expect(page.Locator("pre.screen")).ToHaveTextAsync($"{Hostile}\nsecond line");
        await Expect(page.Locator("pre.lines").First).ToContainTextAsync(Hostile);
        await Expect(Row(page, First)).ToContainTextAsync("failed");
        Assert.Equal(0, await page.Locator("#node img, #node script").CountAsync());
        await Expect(page).ToHaveTitleAsync("Rootcast");
        await Browser.KeepAsync(page, "dashboard-phone-failed");
        Assert.False(await Overflows(page), "the page is wider than the phone");
        Assert.Empty(_browser.Complaints);
    }

    [Fact]
    public async Task AnImageIsAssignedAndRolledBackByKeyboardAlone()
    {
        await BootAsync(1);
        _site.Store.Publish(
            StoreSample.Put(_site.Store, content: "two") with
            {
                Name = "second",
                Created = DateTimeOffset.UnixEpoch.AddYears(60),
            }
        );
        IPage page = await OpenAsync(1300, 900);
        await Expect(page.Locator("#image-table")).ToContainTextAsync("second");
        await FocusAsync(page, page.Locator("#assign"));
        await page.Keyboard.PressAsync("Enter");
        // Who is not signed in is asked first; what is wrong is said, and the dialog stays.
        await Expect(page.Locator("#field-secret")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("rc_wrong");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("dialog .failure")).ToHaveTextAsync("That is not the token.");
        await page.Locator("#field-secret").FillAsync("");
        await page.Keyboard.TypeAsync(_site.Token);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#field-target")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("try");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#assignment-table")).ToContainTextAsync("try");
        await Expect(page.Locator("dialog")).ToBeHiddenAsync();
        await Expect(page.Locator("#sign")).ToHaveTextAsync("Sign out");

        ILocator rollback = page.Locator("[data-rollback='*']");
        await FocusAsync(page, rollback);
        await page.Keyboard.PressAsync("Space");
        await Expect(page.Locator("dialog button.main")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(rollback).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#no-assignments")).ToBeVisibleAsync();
        // The wrong token: what the browser itself says of it.
        Assert.All(_browser.Complaints, said => Assert.Contains("401", said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ANodeThatWaitsIsApprovedLabelledAndForgotten()
    {
        await _site.RestartAsync(new DashboardOptions(), new NodeOptions { MustBeApproved = true });
        await _site.Machine.GetStringAsync(Question(1), Cancellation);
        await _site.Machine.GetStringAsync(Question(2), Cancellation);
        IPage page = await OpenAsync(1300, 900);
        await Expect(Row(page, First)).ToContainTextAsync("waits");
        await page.GetByRole(AriaRole.Button, new() { Name = "2 waiting for approval" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = First }).First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Approve …" }).ClickAsync();
        await page.Locator("#field-secret").FillAsync(_site.Token);
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "1 waiting for approval" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Approve …" })).ToBeHiddenAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Labels …" }).ClickAsync();
        await page.Locator("#field-labels").FillAsync("rack=3 role=web");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#node .facts")).ToContainTextAsync("rack=3 role=web");
        await page.GetByRole(AriaRole.Button, new() { Name = "1 waiting for approval" }).ClickAsync();
        await page.Locator("#search").FillAsync("rack=3");
        await Expect(page.Locator("#node-table tbody tr")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Button, new() { Name = "Forget …" }).ClickAsync();
        await page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Forget", Exact = true }).ClickAsync();
        await Expect(page.Locator("#node-table tbody tr")).ToHaveCountAsync(0);
        await Expect(page.Locator("#node")).ToBeHiddenAsync();
        await page.Locator("#search").FillAsync("");
        await Expect(Row(page, Second)).ToBeVisibleAsync();
        // What was asked of the node just when it was forgotten.
        Assert.All(_browser.Complaints, said => Assert.Contains("400", said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AServerThatComesBackIsListenedToAgain()
    {
        IPage page = await OpenAsync(1300, 900);
        await _site.StopAsync();
        await Expect(page.Locator("#connection")).ToContainTextAsync("not connected");
        await _site.StartAsync(new DashboardOptions());
        await BootAsync(1);
        await Expect(page.Locator("#connection")).ToHaveTextAsync("live");
        await Expect(Row(page, First)).ToContainTextAsync("booting");
    }

    [Fact]
    public async Task AReportIsLinkedFromItsImageAndDrawsItsCharts()
    {
        MeasureResult result = Measured.Result(cells: 4);
        string file = ReportFiles.Write(result, _site.Folder.Path).First(file => Path.GetFileName(file) == HtmlReport.Name);
        MeasuredReport report = new("today", _site.Store.Get("try").Digest, "measured today", file);
        await _site.RestartAsync(new DashboardOptions { Reports = () => [report] });
        IPage page = await OpenAsync(1300, 900);
        string? link = await page.GetByRole(AriaRole.Link, new() { Name = "measured today" }).GetAttributeAsync("href");
        IPage measured = await _browser.OpenAsync(new Uri(_site.Machine.BaseAddress!, link).AbsoluteUri, 1300, 900);
        Assert.NotEqual(0, await measured.Locator("[data-chart] svg").CountAsync());
        // It is nobody here: what is signed in at the dashboard is not its.
        Assert.Equal("null", await measured.EvaluateAsync<string>("self.origin"));
        Assert.Empty(_browser.Complaints);
    }

    [Theory]
    [InlineData("phone", 390, 844, ColorScheme.Light)]
    [InlineData("small", 320, 568, ColorScheme.Dark)]
    public async Task OnAPhoneNothingIsCutOff(string name, int width, int height, ColorScheme scheme)
    {
        string report = await BootAsync(1);
        await BootAsync(2);
        await SayAsync(report, "mark init-start 900000000\nmark root-mounted 1500000000\nuptime 12.34 40.00\n");
        IPage page = await OpenAsync(width, height, scheme);
        await page.GetByRole(AriaRole.Button, new() { Name = First }).First.ClickAsync();
        await Expect(page.Locator(".timeline")).ToContainTextAsync("ready");
        Assert.False(await Overflows(page), "the page is wider than the phone");
        await page.Locator("#assign").ClickAsync();
        await Expect(page.Locator("dialog")).ToBeVisibleAsync();
        Assert.False(await Overflows(page), "the dialog is wider than the phone");
        await page.Keyboard.PressAsync("Escape");
        await Browser.KeepAsync(page, $"dashboard-{name}");
        Assert.Empty(_browser.Complaints);
    }

    [Fact]
    public async Task AThousandNodesAreShown()
    {
        using (NodeRegistry registry = new(_site.State, new NodeOptions(), TimeProvider.System, new ServerLog(_ => { }), (_, _) => { }))
        {
            for (int i = 0; i < 1000; i++)
            {
                registry.Approve($"52:54:00:00:{i >> 8:x2}:{i & 255:x2}");
            }
        }
        IPage page = await OpenAsync(1300, 900);
        await Expect(page.Locator("#node-table tbody tr")).ToHaveCountAsync(300);
        await page.GetByRole(AriaRole.Button, new() { Name = "Show all 1000" }).ClickAsync();
        await Expect(page.Locator("#node-table tbody tr")).ToHaveCountAsync(1000);
        await page.Locator("#search").FillAsync("52-54-00-00-03-e7");
        await Expect(page.Locator("#node-table tbody tr")).ToHaveCountAsync(1);
    }

    private static async Task<bool> Overflows(IPage page) =>
        await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth");

    private static string Question(int machine) => $"/boot.ipxe?mac=52:54:00:00:00:0{machine}";

    private static ILocator Row(IPage page, string node) => page.Locator($"tr[data-node='{node}']");

    /// <summary>Goes there by Tab, as somebody without a pointer does.</summary>
    private static async Task FocusAsync(IPage page, ILocator place)
    {
        for (int i = 0; i < 60; i++)
        {
            if (await place.EvaluateAsync<bool>("element => element === document.activeElement"))
            {
                Assert.NotEqual("none", await place.EvaluateAsync<string>("element => getComputedStyle(element).outlineStyle"));
                return;
            }
            await page.Keyboard.PressAsync("Tab");
        }
        Assert.Fail("Tab does not go there");
    }

    private async Task<IPage> OpenAsync(int width, int height, ColorScheme scheme = ColorScheme.Light)
    {
        IPage page = await _browser.OpenAsync($"http://{_site.Address}/dashboard", width, height, scheme);
        await Expect(page.Locator("#connection")).ToHaveTextAsync("live");
        await Expect(page.Locator("html[data-drawn]")).ToHaveCountAsync(1);
        return page;
    }

    /// <summary>A machine asks what to boot; where it reports.</summary>
    private async Task<string> BootAsync(int machine)
    {
        string script = await _site.Machine.GetStringAsync(Question(machine), Cancellation);
        string line = script.Split('\n').Single(line => line.StartsWith("kernel ", StringComparison.Ordinal)).Split(" || ")[0];
        return KernelArguments.Parse(line).Last("rootcast.report")!;
    }

    private async Task SayAsync(string report, string lines)
    {
        using StringContent content = new(lines);
        using HttpResponseMessage response = await _site.Machine.PostAsync(report, content, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
