using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Playwright;
using Rootcast.Images.Tools;
using Rootcast.Tests;
using static Microsoft.Playwright.Assertions;

namespace Rootcast.Vm.Tests;

/// <summary>The dashboard in a real browser behind HAProxy, which speaks HTTPS for it, as docs/dashboard.md says that a proxy may.</summary>
public sealed class DashboardProxyTests : IAsyncLifetime
{
    private const string SaysHttps = "  http-request set-header X-Forwarded-Proto https\n";
    private const string Node = "52-54-00-00-00-01";
    private static readonly HttpCredentials Ada = new() { Username = "ada", Password = "of a provider" };
    private Browser browser = null!;
    private ServedDashboard site = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/haproxy"), "haproxy is not installed (rootcast setup --tests)");
        browser = await Browser.StartAsync();
        site = await ServedDashboard.MakeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (site is not null)
        {
            await site.DisposeAsync();
        }
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }
    }

    /// <summary>Signed in once, seen at once, and the session's cookie never goes out by plain HTTP.</summary>
    [Theory]
    [InlineData("/")]
    [InlineData("/lab/boot/")]
    public async Task ItIsTheSameBehindAProxyAndBelowAPath(string below)
    {
        string rules = below == "/" ? SaysHttps : $"{SaysHttps}  http-request replace-path {below}(.*) /\\1\n";
        using HaProxy proxy = StartProxy(rules);
        IPage page = await OpenAsync(proxy, below, null);
        await page.Locator("#assign").ClickAsync();
        await page.Locator("#field-secret").FillAsync(site.Token);
        await page.Keyboard.PressAsync("Enter");
        await AssignAsync(page);
        await SeeAMachineAsync(page);
        BrowserContextCookiesResult cookie = Assert.Single(await page.Context.CookiesAsync());
        Assert.True(cookie.Secure);
        Assert.True(cookie.HttpOnly);
        Assert.Empty(browser.Complaints);
    }

    /// <summary>Somebody whom the proxy knows changes something without having ever seen the token; whom it does not know is not passed on.</summary>
    [Fact]
    public async Task WhomTheProxyKnowsNeedsNoTokenOfOurs()
    {
        string basic = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{Ada.Username}:{Ada.Password}"));
        using HaProxy proxy = StartProxy(
            $"""
              {SaysHttps.Trim()}
              http-request auth unless {"{"} req.hdr(Authorization) -m str "Basic {basic}" {"}"}
              http-request set-header Authorization "Bearer {site.Token}"
            """
        );
        string refused = await new Tool("curl", "-sko/dev/null", "-w%{http_code}", $"https://{proxy.EndPoint}/dashboard").ReadAsync(
            Cancellation
        );
        Assert.Equal("401", refused);

        IPage page = await OpenAsync(proxy, "/", Ada);
        await page.Locator("#assign").ClickAsync();
        await AssignAsync(page);
        await SeeAMachineAsync(page);
        Assert.Empty(await page.Context.CookiesAsync());
        Assert.Empty(browser.Complaints);
    }

    private HaProxy StartProxy(string rules)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=proxy", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1),
            DateTimeOffset.UtcNow.AddDays(1)
        );
        string both = site.Folder.Write("proxy.pem", $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        return new HaProxy(site.Folder.Path, $"ssl crt {both}", rules, site.Address);
    }

    private async Task<IPage> OpenAsync(HaProxy proxy, string below, HttpCredentials? person)
    {
        IPage page = await browser.OpenAsync($"https://{proxy.EndPoint}{below}dashboard", 1300, 900, person: person);
        await Expect(page.Locator("#connection")).ToHaveTextAsync("live");
        return page;
    }

    private async Task AssignAsync(IPage page)
    {
        await Expect(page.Locator("#field-target")).ToBeFocusedAsync();
        await page.Locator("#field-image").SelectOptionAsync(site.Store.Get("try").Digest);
        await page.Locator("#field-target").PressAsync("Enter");
        await Expect(page.Locator("#assignment-table")).ToContainTextAsync("try");
    }

    /// <summary>What happens comes through at once: nobody reloads the page.</summary>
    private async Task SeeAMachineAsync(IPage page)
    {
        await site.Machine.GetStringAsync(ServedDashboard.Question, Cancellation);
        await Expect(page.Locator($"tr[data-node='{Node}']")).ToContainTextAsync("booting");
    }
}
