using Microsoft.Playwright;
using Rootcast.Contract;
using Rootcast.Images.Store;
using Rootcast.Lab.Boots;
using static Microsoft.Playwright.Assertions;

namespace Rootcast.Vm.Tests;

/// <summary>Somebody watches in a browser how a real machine boots, and steers it.</summary>
public class DashboardTests(GuestLab lab)
{
    private const string Node = "52-54-00-77-00-00";
    private const string Password = "seen in a browser";

    [Fact]
    [Trait("tier", "full")]
    public async Task AMachineIsSeenBootingAndFailingWithoutAReload()
    {
        StoredImage image = await lab.ImageAsync(Recipes.Debian);
        await using ServedNetwork served = await ServedNetwork.MakeAsync(lab);
        StoredImage broken = served.PublishBroken(image);
        await served.ServeAsync("--form", "squashfs", "--password-file", served.Write("password", Password + "\n"));
        await served.Server.UntilItSays("dashboard: http://", ServedNetwork.Deadline);
        await using Browser browser = await Browser.StartAsync(served.Network.Server);
        IPage page = await browser.OpenAsync("http://127.0.0.1:8080/dashboard", 1300, 900);
        await Expect(page.Locator("#connection")).ToHaveTextAsync("live");
        // Gone when the page is loaded again.
        await page.EvaluateAsync("window.sameAsAtFirst = true");

        await page.Locator("#assign").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync(Password);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#field-target")).ToBeFocusedAsync();
        await page.Locator("#field-image").SelectOptionAsync(image.Digest);
        await page.Locator("#field-target").PressAsync("Enter");
        await Expect(page.Locator("#assignment-table")).ToContainTextAsync(image.Manifest.Name);

        Task<BootReport> booting = served.BootAsync();
        ILocator row = page.Locator($"tr[data-node='{Node}']");
        await Expect(row).ToContainTextAsync("booting");
        await row.GetByRole(AriaRole.Button).PressAsync("Enter");
        await Expect(page.Locator(".timeline")).ToContainTextAsync("offer");
        ILocator names = page.Locator(".timeline .name");
        foreach (
            string mark in (string[])["kernel", "initrd", Marks.InitStart, Marks.NetworkUp, Marks.Fetched, Marks.SwitchRoot, Marks.Ready]
        )
        {
            await Expect(names.Filter(new() { HasText = mark }).First).ToBeVisibleAsync();
        }
        await Expect(page.Locator(".timeline")).ToContainTextAsync(" MB");
        await Expect(row).ToContainTextAsync("ready");
        global::Rootcast.Vm.Tests.Expect.Ready(await booting);
        await Browser.KeepAsync(page, "dashboard-machine-ready");

        await page.Locator("#node").GetByText("Assign …").PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(broken.Manifest.Name);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#node .facts")).ToContainTextAsync(broken.Manifest.Name);
        booting = served.BootAsync();
        await Expect(row).ToContainTextAsync("failed");
        await Expect(page.Locator("pre.screen")).ToContainTextAsync("Rootcast could not boot this machine (stage: root)");
        await Expect(page.Locator("pre.lines").First).Not.ToBeEmptyAsync();
        Assert.False((await booting).Ready);
        await Browser.KeepAsync(page, "dashboard-machine-failed");

        await page.Locator("#node").GetByText("Roll back …").PressAsync("Enter");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#node .facts")).ToContainTextAsync($"{image.Manifest.Name} ");
        Assert.True(await page.EvaluateAsync<bool>("window.sameAsAtFirst"));

        await page.SetViewportSizeAsync(390, 844);
        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth"));
        Assert.Empty(browser.Complaints);
        await served.EndAsync();
    }
}
