using System.Diagnostics;

namespace Rootcast.Tests;

/// <summary>Another program's opinion of what we made.</summary>
public static class Judge
{
    /// <summary>Skips the test when the program is not installed.</summary>
    public static void Needs(string program) =>
        Assert.SkipUnless(
            (Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(':')
                .Append("/sbin")
                .Append("/usr/sbin")
                .Any(d => File.Exists(Path.Combine(d, program))),
            $"{program} is not installed"
        );

    /// <summary>Runs it with what it reads from its standard input, if anything; fails the test when it exits with another code than 0.</summary>
    public static string Run(string program, IEnumerable<string> arguments, string? inputFile = null)
    {
        (int code, string output, string error) = Try(program, arguments, inputFile);
        Assert.True(code == 0, $"{program} ended with {code}: {error}{output}");
        return output;
    }

    /// <summary>Makes files that this process has written programs that can be started. A program that another test is just starting still has our
    /// descriptors until it calls exec, and a file that is open for writing does not start ("Text file busy"): so <c>cp</c> writes the files that are
    /// started, and nobody here ever had them open.</summary>
    public static void MakeExecutable(params string[] files)
    {
        foreach (string file in files)
        {
            Run("cp", [file, file + ".copy"]);
            Run("chmod", ["755", file + ".copy"]);
            File.Move(file + ".copy", file, overwrite: true);
        }
    }

    public static (int Code, string Output, string Error) Try(string program, IEnumerable<string> arguments, string? inputFile = null)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (inputFile is not null)
        {
            using FileStream input = File.OpenRead(inputFile);
            input.CopyTo(process.StandardInput.BaseStream);
        }
        process.StandardInput.Close();
        process.WaitForExit();
        return (process.ExitCode, output.Result, error.Result);
    }
}
