using Microsoft.Playwright;

namespace Rootcast.Vm.Tests;

/// <summary>Debian's Chromium without a window. Whatever a page complains of is kept: a test asks for <see cref="Complaints"/> at its end.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private const string Program = "/usr/bin/chromium";

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser)
    {
        _playwright = playwright;
        _browser = browser;
    }

    /// <summary>Errors on the console, exceptions, requests that failed, and requests to anything but the page itself.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>Starts it; the test is skipped where it is not installed.</summary>
    /// <param name="networkNamespace">Where it runs; null for this host's own network.</param>
    public static async Task<Browser> StartAsync(string? networkNamespace = null)
    {
        Assert.SkipUnless(File.Exists(Program), $"{Program} is missing: install the package chromium, or run ./rootcast setup --tests");
        string program = Program;
        if (networkNamespace is not null)
        {
            // Playwright runs one program. Its pipes pass through ip(8), which becomes the browser.
            program = Path.Combine(Checkout.State, $"chromium-{networkNamespace}");
            await File.WriteAllTextAsync(program, $"#!/bin/sh\nexec ip netns exec {networkNamespace} {Program} \"$@\"\n");
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
        // Nothing that is waited for takes so long but on a busy host.
        Assertions.SetDefaultExpectTimeout(120_000);
        IPlaywright playwright = await Playwright.CreateAsync();
        BrowserTypeLaunchOptions options = new()
        {
            ExecutablePath = program,
            // Its own sandbox refuses to work for root.
            ChromiumSandbox = !Environment.IsPrivilegedProcess,
            Timeout = 120_000,
        };
        IBrowser browser = await playwright.Chromium.LaunchAsync(options);
        if (program != Program)
        {
            File.Delete(program);
        }
        return new Browser(playwright, browser);
    }

    /// <summary>Opens an address in a window of that size. By https whatever is shown is trusted.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="width">Of the window.</param>
    /// <param name="height">Of the window.</param>
    /// <param name="scheme">Which colours are wanted.</param>
    /// <param name="person">Name and password for a proxy that asks for them.</param>
    public async Task<IPage> OpenAsync(
        string address,
        int width,
        int height,
        ColorScheme scheme = ColorScheme.Light,
        HttpCredentials? person = null
    )
    {
        IPage page = await _browser.NewPageAsync(
            new BrowserNewPageOptions
            {
                ViewportSize = new ViewportSize { Width = width, Height = height },
                ColorScheme = scheme,
                IgnoreHTTPSErrors = true,
                HttpCredentials = person,
            }
        );
        page.SetDefaultTimeout(120_000);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                Complaints.Add($"{message.Type}: {message.Text}");
            }
        };
        page.PageError += (_, error) => Complaints.Add($"exception: {error}");
        page.RequestFailed += (_, request) => Complaints.Add($"failed: {request.Url} {request.Failure}");
        string origin = new Uri(address).GetLeftPart(UriPartial.Authority);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(origin, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                Complaints.Add($"fetched: {request.Url}");
            }
        };
        await page.GotoAsync(address);
        return page;
    }

    /// <summary>Keeps what the page looks like among the results of the tests.</summary>
    public static async Task KeepAsync(IPage page, string name)
    {
        string file = Path.Combine(Checkout.Root, "artifacts", "results", "pages", name + ".png");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = file, FullPage = true });
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.CloseAsync();
        _playwright.Dispose();
    }
}
