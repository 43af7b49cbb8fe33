using Microsoft.Playwright;
using Rootcast.Lab.Measuring;
using Rootcast.Lab.Reports;
using Rootcast.Tests;

namespace Rootcast.Vm.Tests;

/// <summary>report.html in a real browser, from disk.</summary>
public sealed class ReportPageTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("rootcast-report-").FullName;
    private Browser _browser = null!;

    public async ValueTask InitializeAsync() => _browser = await Browser.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData("wide", 1300, 900, ColorScheme.Light)]
    [InlineData("dark", 1300, 900, ColorScheme.Dark)]
    [InlineData("phone", 390, 844, ColorScheme.Light)]
    public async Task EveryChartIsDrawnAboveItsTable(string name, int width, int height, ColorScheme scheme)
    {
        IPage page = await _browser.OpenAsync(Write(Everything()), width, height, scheme);
        Assert.Equal("4", await page.Locator("html").GetAttributeAsync("data-drawn"));
        ILocator charts = page.Locator("[data-chart]");
        Assert.Equal(4, await charts.CountAsync());
        for (int i = 0; i < 4; i++)
        {
            ILocator chart = charts.Nth(i);
            // Eight cells: each has at least a shape and a name in each chart.
            Assert.True(await chart.Locator("svg path").CountAsync() >= 8, $"chart {i} has no shapes");
            Assert.True(await chart.Locator("svg text").CountAsync() >= 8, $"chart {i} has no names");
            Assert.Contains("zram by http", await chart.Locator("svg").TextContentAsync(), StringComparison.Ordinal);
            Assert.Equal(1, await chart.Locator("xpath=following-sibling::*[1]//table").CountAsync());
            Assert.NotEqual("", await chart.GetAttributeAsync("aria-label"));
        }
        Assert.False(await Overflows(page), "the page is wider than its window");
        string back = await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        Assert.Equal(scheme == ColorScheme.Dark ? "rgb(20, 23, 27)" : "rgb(255, 255, 255)", back);
        await Browser.KeepAsync(page, $"report-{name}");
        Assert.Empty(_browser.Complaints);
    }

    [Fact]
    public async Task TheFirstScreenSaysWhichFormForWhichMachine()
    {
        IPage page = await _browser.OpenAsync(Write(Everything()), 1300, 900);
        ILocator picks = page.Locator("table").First;
        LocatorBoundingBoxResult? box = await picks.BoundingBoxAsync();
        Assert.True(box is { } place && place.Y + place.Height < 900, $"the table ends at {box?.Y + box?.Height}");
        Assert.Contains("squashfs by http", await picks.TextContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AResultThatHasAlmostNothingIsStillAPage()
    {
        MeasureResult result = Measured.Result(cells: 1, runs: 1, withFailure: true);
        IPage page = await _browser.OpenAsync(Write(result), 1300, 900);
        Assert.Contains("1 of 1 runs failed", await page.Locator("main").TextContentAsync(), StringComparison.Ordinal);
        Assert.Empty(_browser.Complaints);
    }

    [Fact]
    public async Task OnPaperItIsDarkOnWhiteAndNothingIsCutOff()
    {
        IPage page = await _browser.OpenAsync(Write(Everything()), 1300, 900, ColorScheme.Dark);
        await page.SetViewportSizeAsync(700, 900);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        Assert.Equal("rgb(255, 255, 255)", await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        Assert.Equal("none", await page.EvaluateAsync<string>("getComputedStyle(document.querySelector('nav')).display"));
        Assert.False(await Overflows(page), "the page is wider than the paper");
        await Browser.KeepAsync(page, "report-print");
        Assert.Empty(_browser.Complaints);
    }

    private static async Task<bool> Overflows(IPage page) =>
        await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth");

    private static MeasureResult Everything()
    {
        MeasureResult result = Measured.Result(cells: 8);
        return result with
        {
            Least = [.. result.Cells.Select((cell, i) => new LeastMemory(cell.Form, cell.Carrier, [], (180 + (i * 24L)) << 20))],
        };
    }

    private string Write(MeasureResult result)
    {
        string file = ReportFiles.Write(result, _directory).First(file => Path.GetFileName(file) == HtmlReport.Name);
        return new Uri(file).AbsoluteUri;
    }
}
