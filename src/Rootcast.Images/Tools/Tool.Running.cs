using System.Diagnostics;
using System.Text;
using Rootcast.Contract;

namespace Rootcast.Images.Tools;

public sealed partial record Tool
{
    /// <summary>Runs it and waits for its end.</summary>
    /// <exception cref="UserError">It is missing, or has ended with an exit code that is not in <see cref="GoodExitCodes"/>.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing that it started runs any more.</exception>
    public async Task<ToolResult> RunAsync(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        Log?.Invoke(ToString());
        using Process process = Start();
        ToolErrors errors = new(ErrorLine);
        using CancellationTokenSource failure = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        MemoryStream kept = new();
        // Each runs on its own, since readers and writers of archives block.
        Task[] pumps =
        [
            Pump(() => WriteInputAsync(process, failure.Token), failure),
            Pump(() => ReadOutputAsync(process, kept, failure.Token), failure),
            Pump(() => errors.ReadAsync(process.StandardError.BaseStream), failure),
        ];
        try
        {
            await process.WaitForExitAsync(failure.Token);
        }
        catch (OperationCanceledException)
        {
            await ProcessTree.EndAsync(process);
        }
        finally
        {
            // What it has left in its session would keep the pipes open and outlive us.
            ProcessTree.KillSession(process.Id);
        }
        await Task.WhenAll(pumps).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        bool good = GoodExitCodes.Contains(process.ExitCode);
        foreach (Task pump in pumps)
        {
            if (pump.IsFaulted && (good || failure.IsCancellationRequested) && !IsBrokenPipe(pump.Exception.InnerException))
            {
                await pump;
            }
        }
        ToolResult result = new(process.ExitCode, Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length), errors.Text);
        return good ? result : throw Failed(result);
    }

    /// <summary>Runs it and gives what it printed, without the newlines at the end.</summary>
    public async Task<string> ReadAsync(CancellationToken cancellation = default) => (await RunAsync(cancellation)).Output.TrimEnd('\n');

    /// <summary>The error for such an end.</summary>
    public UserError Failed(ToolResult result)
    {
        string last = LastLines(result.Errors.Length > 0 ? result.Errors : result.Output);
        return new UserError(
            $"{Path.GetFileName(Program)} ended with exit code {result.ExitCode}" + (last.Length > 0 ? $":\n{last}" : " and said nothing"),
            Hint ?? $"The command was: {this}"
        );
    }

    private static string LastLines(string text)
    {
        const int most = 12;
        string[] lines = text.TrimEnd().Split('\n');
        return string.Join('\n', lines.Skip(lines.Length - most).Select(line => "  " + line.TrimEnd()));
    }

    private static bool IsBrokenPipe(Exception? exception) =>
        exception is IOException { InnerException: System.Net.Sockets.SocketException or null } io
        && (io.Message.Contains("Broken pipe", StringComparison.Ordinal) || (io.HResult & 0xFFFF) == 32);

    private static async Task Pump(Func<Task> work, CancellationTokenSource failure)
    {
        try
        {
            await Task.Run(work);
        }
        catch (Exception exception) when (!IsBrokenPipe(exception))
        {
            await failure.CancelAsync();
            throw;
        }
    }

    private async Task WriteInputAsync(Process process, CancellationToken cancellation)
    {
        await using Stream stream = process.StandardInput.BaseStream;
        if (Input is not null)
        {
            await Input(stream, cancellation);
        }
    }

    private async Task ReadOutputAsync(Process process, MemoryStream kept, CancellationToken cancellation)
    {
        Stream stream = process.StandardOutput.BaseStream;
        if (Output is not null)
        {
            await Output(stream, cancellation);
            // A reader that has seen enough must not block the program.
            await stream.CopyToAsync(Stream.Null, CancellationToken.None);
            return;
        }
        byte[] buffer = new byte[32 << 10];
        while (await stream.ReadAsync(buffer, CancellationToken.None) is var got and > 0)
        {
            if (kept.Length + got > LongestOutput)
            {
                throw new InvalidDataException($"{Program} printed more than {LongestOutput} bytes");
            }
            kept.Write(buffer, 0, got);
        }
    }

    private Process Start()
    {
        string program = ToolPath.Find(Program) ?? throw Missing(Program);
        // setsid makes the program the leader of a session and a process group, and becomes it: their numbers are its own.
        string session = ToolPath.Find("setsid") ?? throw Missing("setsid");
        ProcessStartInfo start = new(session, [program, .. Arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = WorkingDirectory ?? "",
        };
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["PATH"] = ToolPath.ForChildren();
        foreach ((string name, string? value) in Environment)
        {
            if (value is null)
            {
                start.Environment.Remove(name);
            }
            else
            {
                start.Environment[name] = value;
            }
        }
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    }
}
