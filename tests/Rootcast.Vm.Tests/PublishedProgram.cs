using System.Diagnostics;
using System.Text;

namespace Rootcast.Vm.Tests;

/// <summary>The published <c>rootcast</c> as a user runs it, with a temporary directory of its own and, where asked, a store of its own.</summary>
internal sealed class PublishedProgram : IDisposable
{
    private readonly Process process;
    private readonly StringBuilder said = new();
    private readonly List<(string Text, TaskCompletionSource Seen)> waiting = [];

    private PublishedProgram(Process process) => this.process = process;

    /// <summary>Where it is; where it is nowhere the test is skipped.</summary>
    public static string Path
    {
        get
        {
            string? program = Environment.GetEnvironmentVariable("ROOTCAST");
            Assert.SkipUnless(program is { Length: > 0 }, "rootcast is not published: ./test vm does that and names it in $ROOTCAST");
            return program!;
        }
    }

    /// <summary>Its process.</summary>
    public int Id => process.Id;

    /// <summary>What it wrote to standard error so far.</summary>
    public string Said
    {
        get
        {
            lock (said)
            {
                return said.ToString();
            }
        }
    }

    /// <summary>Starts it.</summary>
    /// <param name="temporary">$TMPDIR.</param>
    /// <param name="environment">What else differs from this process's environment.</param>
    /// <param name="arguments">The command line.</param>
    public static PublishedProgram Start(string temporary, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        StartIn(null, temporary, environment, arguments);

    /// <summary>Starts it in a network namespace of this host; null for the usual one.</summary>
    public static PublishedProgram StartIn(
        string? networkNamespace,
        string temporary,
        IReadOnlyDictionary<string, string> environment,
        params string[] arguments
    )
    {
        string program = Path;
        // ip(8) becomes the program, so signals reach it.
        string[] words = networkNamespace is null
            ? [program, .. arguments]
            : ["ip", "netns", "exec", networkNamespace, program, .. arguments];
        ProcessStartInfo start = new(words[0], words[1..])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        start.Environment["TMPDIR"] = temporary;
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }
        PublishedProgram running = new(new Process { StartInfo = start });
        running.process.ErrorDataReceived += (_, line) => running.Hear(line.Data);
        running.process.OutputDataReceived += (_, _) => { };
        running.process.Start();
        running.process.StandardInput.Close();
        running.process.BeginErrorReadLine();
        running.process.BeginOutputReadLine();
        return running;
    }

    /// <summary>Waits until standard error has that text.</summary>
    public async Task UntilItSays(string text, TimeSpan deadline)
    {
        TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (said)
        {
            if (said.ToString().Contains(text, StringComparison.Ordinal))
            {
                return;
            }
            waiting.Add((text, seen));
        }
        Task exited = process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Task first = await Task.WhenAny(seen.Task, exited).WaitAsync(deadline, TestContext.Current.CancellationToken);
        Assert.True(first == seen.Task || Said.Contains(text, StringComparison.Ordinal), $"it ended without saying '{text}':\n{Said}");
    }

    /// <summary>Sends a signal: <c>INT</c>, <c>KILL</c>.</summary>
    public async Task Signal(string name)
    {
        using Process kill = Process.Start("kill", ["-" + name, process.Id.ToString()]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits for its end.</summary>
    public async Task<int> ExitCode(TimeSpan deadline)
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(deadline, TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }
        process.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null)
        {
            return;
        }
        lock (said)
        {
            said.Append(line).Append('\n');
            foreach ((string text, TaskCompletionSource seen) in waiting)
            {
                if (line.Contains(text, StringComparison.Ordinal))
                {
                    seen.TrySetResult();
                }
            }
        }
    }
}
