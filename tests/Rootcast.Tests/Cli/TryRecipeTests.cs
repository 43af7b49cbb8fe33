using Rootcast.Cli.Boots;
using Rootcast.Cli.Host;
using Rootcast.Contract;
using Rootcast.Images.Recipes;

namespace Rootcast.Tests;

public class TryRecipeTests
{
    [Fact]
    public void ADebianHostGetsItsOwnSuiteSoThatItsMirrorHasIt()
    {
        Recipe recipe = TryRecipe.For(new HostSystem("debian", "trixie", "Debian 13"), TryRecipe.Usual);
        Assert.Equal("trixie", Assert.IsType<DebianSource>(recipe.Source).Suite.Value);
        Assert.Equal([Form.Tmpfs, Form.Ramdisk, Form.Squashfs], recipe.Forms);
        Assert.Equal("try", recipe.Name);
    }

    [Fact]
    public void AnotherHostGetsASuiteThatIsKnownToBoot() =>
        Assert.Equal(
            "bookworm",
            Assert.IsType<DebianSource>(TryRecipe.For(new HostSystem("fedora", null, "Fedora"), TryRecipe.Usual).Source).Suite.Value
        );

    [Theory]
    [InlineData(Form.Zfs)]
    [InlineData(Form.ZfsFuse)]
    public void EveryFormCanBeTried(Form other)
    {
        Form[] forms = [.. Enum.GetValues<Form>().Where(form => form != other)];
        Recipe recipe = TryRecipe.For(new HostSystem("debian", "trixie", "Debian 13"), forms);
        Assert.Equal(forms, recipe.Forms);
        Assert.Equal(other == Form.Zfs ? 0 : 1, Assert.IsType<DebianKernel>(recipe.Kernels[0]).Dkms.Count);
    }

    [Fact]
    public void NoTreeHasBothZfsAndZfsFuse() =>
        Assert.Contains(
            "no tree has both",
            Assert
                .Throws<UserError>(() => TryRecipe.For(new HostSystem("debian", "trixie", "Debian 13"), [Form.Zfs, Form.ZfsFuse]))
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void EveryProgramThatTheMainJobCallsIsInItsTable()
    {
        string[] programs = [.. HostPrograms.ForTry(Enum.GetValues<Form>()).Select(program => program.Program)];
        Assert.Contains("mmdebstrap", programs);
        Assert.Contains("depmod", programs);
        Assert.Contains("qemu-system-x86_64", programs);
        Assert.All(Rootcast.Images.Forms.FormCasting.ToolsFor(Enum.GetValues<Form>()), tool => Assert.Contains(tool, programs));
        Assert.Equal(programs.Distinct(), programs);
    }
}
