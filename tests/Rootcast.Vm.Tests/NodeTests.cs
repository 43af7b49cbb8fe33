using Rootcast.Contract;
using Rootcast.Images.Store;
using Rootcast.Lab.Boots;

namespace Rootcast.Vm.Tests;

/// <summary>A machine that nobody knows boots from a server, and the server knows how far it came.</summary>
public class NodeTests(GuestLab lab)
{
    /// <summary>Ready with its own name in the tree; then a newer image whose root is none, which the node says and the server remembers; then the good one again.</summary>
    [Fact]
    [Trait("tier", "full")]
    public async Task ANodesMarksAreWrittenDownAndABrokenImageIsGivenUp()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        StoredImage image = await lab.ImageAsync(Recipes.Debian);
        await using ServedNetwork served = await ServedNetwork.MakeAsync(lab);
        StoredImage broken = served.PublishBroken(image);
        await served.ServeAsync("--form", "squashfs", "--attempts", "1");
        await served.NodeAsync("assign", "*", image.Manifest.Name);
        await served.NodeAsync("configure", ServedNetwork.Node, "--hostname", "named-by-the-server");

        BootReport ready = await served.BootAsync();
        Expect.Ready(ready);
        Assert.Contains("<named-by-the-server>", await File.ReadAllTextAsync(ready.ConsoleLog, cancellation), StringComparison.Ordinal);
        string log = await served.NodeAsync("log", ServedNetwork.Node);
        TestContext.Current.SendDiagnosticMessage(log);
        int at = 0;
        foreach (
            string mark in (string[])
                [
                    "offer ",
                    "script",
                    "kernel",
                    "initrd",
                    Marks.InitStart,
                    Marks.Modules,
                    Marks.NetworkUp,
                    Marks.ArtefactFound,
                    Marks.Fetched,
                    Marks.RootMounted,
                    Marks.SwitchRoot,
                    Marks.Ready,
                ]
        )
        {
            int found = log.IndexOf($" s  {mark}", at, StringComparison.Ordinal);
            Assert.True(found > 0, $"{mark} is not where it belongs in:\n{log}");
            at = found;
        }

        await served.NodeAsync("assign", "*", broken.Manifest.Name);
        BootReport failed = await served.BootAsync();
        Assert.False(failed.Ready);
        log = await served.NodeAsync("log", ServedNetwork.Node);
        TestContext.Current.SendDiagnosticMessage(log);
        Assert.Contains("\nfailed\n", log, StringComparison.Ordinal);
        Assert.Contains("Rootcast could not boot this machine (stage: root)", log, StringComparison.Ordinal);
        Assert.Contains("the kernel's last lines:\n  ", log, StringComparison.Ordinal);

        Expect.Ready(await served.BootAsync());
        Assert.Contains("fallback: vm-broken", await served.NodeAsync("show", ServedNetwork.Node), StringComparison.Ordinal);
        await served.EndAsync();
    }
}
