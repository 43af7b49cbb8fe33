using System.CommandLine;
using Rootcast.Cli;
using Spectre.Console;

namespace Rootcast.Tests;

public sealed class CommandLineTests : IDisposable
{
    private readonly StringWriter output = new();
    private readonly StringWriter people = new();
    private readonly string directory = Directory.CreateTempSubdirectory("rootcast-cli-").FullName;

    public void Dispose()
    {
        output.Dispose();
        people.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public void EveryCommandHasAnExampleThatItUnderstands()
    {
        Command[] commands = [.. Leaves(CommandLine.Root(Session(), new Option<bool>("--verbose")))];
        Assert.NotEmpty(commands);
        foreach (Command command in commands)
        {
            DocumentedCommand documented = Assert.IsType<DocumentedCommand>(command);
            Assert.NotEmpty(documented.Examples);
            foreach (string example in documented.Examples)
            {
                Assert.StartsWith("rootcast ", example, StringComparison.Ordinal);
                ParseResult parsed = CommandLine
                    .Root(Session(), new Option<bool>("--verbose"))
                    .Parse(example["rootcast ".Length..].Split([" < ", " > "], StringSplitOptions.None)[0].Replace('\'', '"'));
                Assert.Empty(parsed.Errors);
                Assert.Equal(command.Name, parsed.CommandResult.Command.Name);
            }
        }
    }

    [Theory]
    [InlineData("nope", "'nope'")]
    [InlineData("boot", "IMAGE")]
    [InlineData("boot x --form wrong --carrier disk", "'wrong' is not one of tmpfs, ramdisk")]
    [InlineData("boot x --form tmpfs --carrier disk --memory 5", "'5' is not an amount of bytes")]
    [InlineData("boot x --form tmpfs --carrier disk --cpus 0", "from 1 to 255")]
    [InlineData("images --jsn", "--jsn")]
    [InlineData("cpio create --output x --align=-4", "'-4' is not a multiple of 4 from 0 to")]
    [InlineData("cpio create --output x --align 510", "'510' is not a multiple of 4 from 0 to")]
    [InlineData("cpio create --output x --align 4k", "'4k' is not a multiple of 4 from 0 to")]
    [InlineData("cpio create --output x --align 1048580", "'1048580' is not a multiple of 4 from 0 to")]
    [InlineData("serve --http 80", "'80' is not ADDRESS:PORT")]
    [InlineData("serve --http 1.2.3:x", "'1.2.3:x' is not ADDRESS:PORT")]
    [InlineData("serve --url http://x/", "--url: belongs to --export")]
    [InlineData("serve --export /tmp/x --url ftp://x/", "--url: belongs to --export")]
    [InlineData("serve --dhcp 10.0.0.1", "'10.0.0.1' is not a range of at most")]
    [InlineData("serve --no-dhcp --dhcp 10.0.0.1-10.0.0.2", "contradict each other")]
    public async Task WrongUsageSaysWhatIsWrongAndEndsWithTwo(string line, string said)
    {
        Assert.Equal(ExitCodes.Input, await Run(line.Split(' ')));
        Assert.Contains(said, people.ToString(), StringComparison.Ordinal);
        Assert.Contains("--help", people.ToString(), StringComparison.Ordinal);
        Assert.Empty(output.ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(1 << 20)]
    public void AlignmentsOfArchivesAreMultiplesOfFourFromNone(int alignment) =>
        Assert.Empty(
            CommandLine.Root(Session(), new Option<bool>("--verbose")).Parse($"cpio create --output x --align {alignment}").Errors
        );

    /// <summary>toybox's cpio.test.</summary>
    [Theory]
    [InlineData("list")]
    [InlineData("check")]
    [InlineData("extract")]
    public async Task AnEmptyFileIsNoArchive(string command)
    {
        string file = Path.Combine(directory, "empty");
        await File.WriteAllBytesAsync(file, [], TestContext.Current.CancellationToken);
        string[] to = command == "extract" ? ["--to", Path.Combine(directory, "to")] : [];
        Assert.Equal(ExitCodes.Failed, await Run(["cpio", command, file, .. to]));
        Assert.Contains("there is no archive", output.ToString() + people, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFormByACarrierThatCannotBringItIsRefused()
    {
        Assert.Equal(ExitCodes.Input, await Run("boot", "x", "--form", "disk", "--carrier", "http", "--until", "ready"));
        Assert.Contains("Take --carrier disk.", people.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HelpAndVersionAreData()
    {
        Assert.Equal(ExitCodes.Done, await Run("boot", "--help"));
        Assert.Contains("Examples:", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, await Run("--version"));
        Assert.Contains(BuildFacts.Current.Line, output.ToString(), StringComparison.Ordinal);
        Assert.Empty(people.ToString());
    }

    [Fact]
    public async Task AnEmptyStoreIsNoError()
    {
        Assert.Equal(ExitCodes.Done, await Run("images", "--json"));
        Assert.Equal("[]", output.ToString().Trim());
        Assert.Equal(ExitCodes.Done, await Run("gc"));
        Assert.Equal(ExitCodes.Input, await Run("inspect", "nothing"));
    }

    [Fact]
    public async Task AnErrorInACommandBecomesTextAndAnExitCode()
    {
        // A file where the store's directory should be.
        string file = Path.Combine(directory, "store");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        Assert.NotEqual(ExitCodes.Done, await Run("images"));
        Assert.Contains("what to do:", people.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("bug", people.ToString(), StringComparison.Ordinal);
    }

    private static IEnumerable<Command> Leaves(Command command) =>
        command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(Leaves);

    private async Task<int> Run(params string[] arguments)
    {
        using Interruption interruption = new();
        return await CommandLine.RunAsync(arguments, Session(), interruption);
    }

    private Session Session() => new(output, Console(output), Console(people), Asking: false, Path.Combine(directory, "store"));

    private static IAnsiConsole Console(TextWriter writer) =>
        AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(writer),
            }
        );
}
