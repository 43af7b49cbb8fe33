using Rootcast.Cli.Host;

namespace Rootcast.Tests;

public sealed class ServeUnitTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void OptionsAreWordsOfItsCommandLine()
    {
        string unit = ServeUnit.Text(
            "/usr/local/bin/rootcast",
            ["--append", "console=ttyS0 quiet", "--http", "[::]:80", "50%", "a\"b", "$x"]
        );
        Assert.Contains(
            "ExecStart=/usr/local/bin/rootcast serve --append \"console=ttyS0 quiet\" --http [::]:80 50%% \"a\\\"b\" $$x\n",
            unit,
            StringComparison.Ordinal
        );
    }

    /// <summary>systemd's own judgement: 2.5 of 10 at most.</summary>
    [Fact]
    public void ItIsShutIn()
    {
        Judge.Needs("systemd-analyze");
        string file = folder.Write("rootcast-serve.service", ServeUnit.Text("/usr/local/bin/rootcast", []));
        Judge.Run("systemd-analyze", ["security", "--offline=true", "--threshold=25", "--no-pager", file]);
    }
}
