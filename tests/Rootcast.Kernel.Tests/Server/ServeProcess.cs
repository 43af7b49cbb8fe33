using System.Diagnostics;
using System.Net;
using System.Text;

namespace Rootcast.Tests;

/// <summary>The published <c>rootcast serve</c> on a port of the loopback, in a process of its own that can be killed.</summary>
internal sealed class ServeProcess : IDisposable
{
    private const string Serving = "serving on http://";
    private readonly StringBuilder said = new();
    private readonly TaskCompletionSource<IPEndPoint> serving = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process process;

    private ServeProcess(string store, string state)
    {
        ProcessStartInfo start = new(
            Environment.GetEnvironmentVariable("ROOTCAST")!,
            ["serve", "--http", "127.0.0.1:0", "--no-dhcp", "--no-tftp", "--state", state]
        )
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        start.Environment["ROOTCAST_STORE"] = store;
        process = new Process { StartInfo = start };
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.Start();
        process.BeginErrorReadLine();
    }

    /// <summary>Where it serves.</summary>
    public IPEndPoint EndPoint => serving.Task.Result;

    /// <summary>What it has said so far.</summary>
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

    /// <summary>Skips the test where there is no published program.</summary>
    public static void Needs() =>
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("ROOTCAST") is { Length: > 0 },
            "rootcast is not published: ./test vm does that and names it in $ROOTCAST"
        );

    /// <summary>Starts it, and waits until it serves.</summary>
    /// <param name="store">Its store.</param>
    /// <param name="state">For <c>--state</c>.</param>
    public static async Task<ServeProcess> StartAsync(string store, string state)
    {
        ServeProcess server = new(store, state);
        await server.serving.Task;
        return server;
    }

    /// <summary>Ends it as the kernel does when memory runs out: it is told nothing.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            Kill();
        }
        process.Dispose();
    }

    private void Hear(string? line)
    {
        lock (said)
        {
            said.Append(line).Append('\n');
        }
        if (line is null)
        {
            serving.TrySetException(new InvalidOperationException($"rootcast serve has ended:\n{Said}"));
        }
        else if (line.StartsWith(Serving, StringComparison.Ordinal))
        {
            serving.TrySetResult(IPEndPoint.Parse(line[Serving.Length..line.IndexOf(';', StringComparison.Ordinal)]));
        }
    }
}
