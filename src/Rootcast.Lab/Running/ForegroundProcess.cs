using System.ComponentModel;
using System.Diagnostics;
using Rootcast.Contract;

namespace Rootcast.Lab.Running;

/// <summary>A program that has the terminal: it reads what the user types and stays in our session, so that it is the user's Ctrl-C that ends
/// it. Everything else runs through <see cref="Images.Tools.Tool"/>.</summary>
public static class ForegroundProcess
{
    /// <summary>Runs it to its exit code.</summary>
    /// <exception cref="UserError">It can't be started.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, and is gone.</exception>
    public static async Task<int> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        try
        {
            using Process process =
                Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false })
                ?? throw new InvalidOperationException($"{program} did not start");
            try
            {
                await process.WaitForExitAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
                throw;
            }
            return process.ExitCode;
        }
        catch (Win32Exception e)
        {
            throw new UserError(
                $"{program} can't be started: {e.Message}",
                "check that it is installed and may be executed",
                UserErrorKind.Missing,
                e
            );
        }
    }
}
