using System.Diagnostics;
using System.Text;
using Rootcast.Contract;
using Rootcast.Images.Tools;

namespace Rootcast.Tests;

public class ToolTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OutputIsKept() => Assert.Equal("a b", await new Tool("echo", "a b").ReadAsync(Now));

    [Fact]
    public async Task InputStreamsToOutput()
    {
        byte[] data = new byte[3_000_000];
        new Random(1).NextBytes(data);
        MemoryStream got = new();
        Tool cat = new("cat")
        {
            Input = (stream, token) => stream.WriteAsync(data, token).AsTask(),
            Output = (stream, token) => stream.CopyToAsync(got, token),
        };
        await cat.RunAsync(Now);
        Assert.Equal(data, got.ToArray());
    }

    [Fact]
    public async Task MissingProgramNamesItsPackage()
    {
        UserError error = await Assert.ThrowsAsync<UserError>(() => new Tool("/nonexistent/sqfstar").RunAsync(Now));
        Assert.Equal(UserErrorKind.Missing, error.Kind);
        Assert.Contains("apt-get install squashfs-tools", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FailureShowsTheLastLinesOfStandardErrorAndTheCommand()
    {
        Tool tool = new("sh", "-c", "seq 1 50000 >&2; echo 'no room' >&2; exit 3");
        UserError error = await Assert.ThrowsAsync<UserError>(() => tool.RunAsync(Now));
        Assert.Contains("sh ended with exit code 3", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("  50000\n  no room", error.Message, StringComparison.Ordinal);
        Assert.Contains("sh -c 'seq 1 50000 >&2; echo '", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StandardErrorIsBounded()
    {
        ToolResult result = await new Tool("sh", "-c", "yes | head -c 1000000 >&2; printf end >&2").RunAsync(Now);
        Assert.Equal(Tool.LongestErrors, result.Errors.Length);
        Assert.EndsWith("end", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ErrorLinesAreSeenOneByOne()
    {
        List<string> lines = [];
        await new Tool("printf", @"I: one\n50%%\r100%%\rlast") { ErrorLine = lines.Add }.RunAsync(Now);
        Assert.Empty(lines);
        await new Tool("sh", "-c", @"printf 'I: one\n50%%\r100%%\rlast' >&2") { ErrorLine = lines.Add }.RunAsync(Now);
        Assert.Equal(["I: one", "50%", "100%", "last"], lines);
    }

    [Fact]
    public async Task ProgramThatReadsOnlyTheBeginningIsNoFailure()
    {
        Tool head = new("head", "-c", "5") { Input = (stream, token) => stream.WriteAsync(new byte[10_000_000], token).AsTask() };
        Assert.Equal(5, (await head.RunAsync(Now)).Output.Length);
    }

    [Fact]
    public async Task FailureOfTheProgramWinsOverTheBrokenPipe()
    {
        Tool tool = new("sh", "-c", "echo no >&2; exit 1")
        {
            Input = (stream, token) => stream.WriteAsync(new byte[10_000_000], token).AsTask(),
        };
        UserError error = await Assert.ThrowsAsync<UserError>(() => tool.RunAsync(Now));
        Assert.EndsWith("  no", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FailureOfTheWriterEndsTheProgramAndIsThrownOn()
    {
        Tool tool = new("sh", "-c", "sleep 1000") { Input = (_, _) => throw new InvalidDataException("bad archive") };
        Assert.Equal("bad archive", (await Assert.ThrowsAsync<InvalidDataException>(() => tool.RunAsync(Now))).Message);
    }

    [Fact]
    public async Task CancellingEndsEverythingThatWasStarted()
    {
        string mark = $"1{Random.Shared.Next(100_000_000, 999_999_999)}";
        using CancellationTokenSource source = CancellationTokenSource.CreateLinkedTokenSource(Now);
        // A child in the background, one that has left its parent, one in a session of its own, and one that ignores SIGTERM.
        string script =
            $"sleep {mark} & (sleep {mark} &) ; setsid sleep {mark} & sh -c 'trap \"\" TERM; sleep {mark}; sleep {mark}' & echo ready >&2; wait";
        Task<ToolResult> run = new Tool("sh", "-c", script) { ErrorLine = _ => source.Cancel() }.RunAsync(source.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.DoesNotContain(Process.GetProcesses(), process => CommandLine(process).Contains($"sleep\0{mark}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DaemonThatKeepsThePipesOpenDoesNotHoldUp()
    {
        ToolResult result = await new Tool("sh", "-c", "(sleep 1000 &); echo done").RunAsync(Now);
        Assert.Equal("done\n", result.Output);
    }

    [Fact]
    public async Task EnvironmentAndDirectoryAreGiven()
    {
        Dictionary<string, string?> environment = new(StringComparer.Ordinal) { ["A"] = "1 2", ["HOME"] = null };
        Tool tool = new("sh", "-c", "echo $A-$HOME-$LC_ALL; pwd") { Environment = environment, WorkingDirectory = "/usr" };
        Assert.Equal("1 2--C.UTF-8\n/usr", await tool.ReadAsync(Now));
    }

    [Fact]
    public void CommandLineCanBePasted()
    {
        Dictionary<string, string?> environment = new(StringComparer.Ordinal) { ["A"] = "1 2", ["B"] = null };
        Tool tool = new("tar", "-C", "it's here", "") { Environment = environment, WorkingDirectory = "/a b" };
        Assert.Equal(@"(cd '/a b' && env 'A=1 2' -u B tar -C 'it'\''s here' '')", tool.ToString());
    }

    [Fact]
    public void QuotedWordsAreReadBackByAShell()
    {
        string[] words = ["", "a", "a b", "'", "''", "$x`y`\\", "\n", "ü*?[", "-n", "#", "~", "{a,b}", "a=b", "!"];
        using Process shell = Process.Start(
            new ProcessStartInfo("sh", ["-c", "printf '%s\\0' " + string.Join(' ', words.Select(ShellQuoting.Quote))])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        string printed = shell.StandardOutput.ReadToEnd();
        Assert.Equal(words, printed.Split('\0')[..^1]);
    }

    private static string CommandLine(Process process)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{process.Id}/cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
