using Microsoft.Playwright;
using Rootcast.Contract;
using Rootcast.Images.Store;
using Rootcast.Lab.Boots;
using Rootcast.Lab.Netboot;
using Rootcast.Lab.Running;
using static Microsoft.Playwright.Assertions;

namespace Rootcast.Vm.Tests;

/// <summary>Somebody watches in a browser how a real machine boots, and steers it.</summary>
public class DashboardTests(GuestLab lab)
{
    private const string Node = "52-54-00-77-00-00";
    private const string Password = "seen in a browser";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(8);

    [Fact]
    [Trait("tier", "full")]
    public async Task AMachineIsSeenBootingAndFailingWithoutAReload()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        StoredImage image = await lab.ImageAsync(Recipes.Debian);
        using KeptNames kept = new(lab.Store);
        StoredImage broken = lab.Store.Publish(
            image.Manifest with
            {
                Name = "vm-broken",
                Artefacts = [new ImageArtefact(Form.Squashfs, lab.Store.Put(new byte[8192]), 0)],
            }
        );
        NetbootTests.Needs();
        await using NetbootNetwork network = await NetbootNetwork.MakeAsync(machines: 1, hasDhcp: true, cancellation: cancellation);
        using LabDirectory directory = new();
        await File.WriteAllTextAsync(directory.File("password"), Password + "\n", cancellation);
        using PublishedProgram server = PublishedProgram.StartIn(
            network.Server,
            directory.Path,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["ROOTCAST_STORE"] = lab.Store.Directory },
            // Without the argument a kernel under TCG panics now and then on a busy host: its timer comes too late.
            [
                "serve",
                "--form",
                "squashfs",
                "--state",
                directory.File("state"),
                "--password-file",
                directory.File("password"),
                "--append",
                "console=ttyS0 panic=-1 no_timer_check rootcast.countdown=0",
            ]
        );
        await server.UntilItSays("dashboard: http://", Deadline);
        await using Browser browser = await Browser.StartAsync(network.Server);
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

        Task<BootReport> booting = BootAsync();
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
        booting = BootAsync();
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
        await server.Signal("TERM");
        Assert.Equal(0, await server.ExitCode(Deadline));

        async Task<BootReport> BootAsync()
        {
            QemuProgram qemu = await NetbootMachine.InsideAsync(
                network,
                await QemuProgram.RequireAsync(cancellation),
                directory.File("qemu")
            );
            string console = Path.Combine(Checkout.State, "console", $"dashboard-{Guid.NewGuid():N}.log");
            BootRun run = new(qemu, new BootWatch(Marks.Ready, Deadline));
            BootReport report = await run.BootAsync(NetbootMachine.Of(NetbootFirmware.Ipxe), directory.MachineFiles(console), cancellation);
            TestContext.Current.SendDiagnosticMessage(server.Said);
            return report;
        }
    }
}
