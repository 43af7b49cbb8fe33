using Rootcast.Contract;
using Rootcast.Lab.Boots;

namespace Rootcast.Vm.Tests;

public class BusyboxTests(GuestLab lab)
{
    [Theory]
    [InlineData(Form.Tmpfs)]
    [InlineData(Form.Ramdisk)]
    [InlineData(Form.Livefs)]
    [InlineData(Form.Squashfs)]
    public async Task ATreeWithNothingButBusyboxBoots(Form form)
    {
        BootReport report = await lab.BootAsync(new Scenario { Recipe = Recipes.Busybox(), Form = form });
        Expect.Ready(report);
        Expect.Check(report, "busybox");
    }
}
