using Rootcast.Lab.Running;

namespace Rootcast.Vm.Tests;

/// <summary>What a user gets for input that is wrong, from the program itself: an exit code, a place, a hint, and no stack.</summary>
public sealed class BadInputTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    [Theory]
    [InlineData("suite: bookworm", "suite: no-such-suite", "no-such-suite", 2)]
    [InlineData("packages: [dbus]", "packages: [no-such-package]", "no-such-package", 2)]
    [InlineData("forms: [squashfs]", "form: [squashfs]", "forms", 2)]
    [InlineData("forms: [squashfs]", "forms: [squashfs", "recipe.yaml:", 2)]
    public async Task ABadRecipeIsRefusedWithItsPlace(string right, string wrong, string named, int code)
    {
        const string recipe = """
            name: bad
            source:
              debian:
                suite: bookworm
                packages: [dbus]
            kernels:
              - debian: cloud
                suite: bookworm
            forms: [squashfs]

            """;
        (int exit, string said) = await Build(recipe.Replace(right, wrong, StringComparison.Ordinal));
        Assert.True(exit == code, said);
        Assert.Contains(named, said, StringComparison.Ordinal);
        Assert.Contains("recipe.yaml:", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    private static async Task<(int Exit, string Said)> Build(string recipe)
    {
        using LabDirectory directory = new();
        string file = directory.File("recipe.yaml");
        await File.WriteAllTextAsync(file, recipe, TestContext.Current.CancellationToken);
        string temporary = Directory.CreateDirectory(directory.File("tmp")).FullName;
        Dictionary<string, string> environment = new(StringComparer.Ordinal) { ["ROOTCAST_STORE"] = directory.File("store") };
        using PublishedProgram program = PublishedProgram.Start(temporary, environment, "build", file);
        int exit = await program.ExitCode(Deadline);
        Assert.Empty(Directory.GetFileSystemEntries(temporary));
        return (exit, program.Said);
    }
}
