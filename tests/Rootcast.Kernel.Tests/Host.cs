namespace Rootcast.Tests;

/// <summary>What these tests need of the machine that they run on.</summary>
internal static class Host
{
    public static void NeedsRoot() => Assert.SkipUnless(Environment.UserName == "root", "needs root");

    public static void NeedsLoopDevices()
    {
        NeedsRoot();
        Assert.SkipUnless(File.Exists("/dev/loop-control"), "needs loop devices");
    }

    public static void Needs(string program) =>
        Assert.SkipUnless(
            "/usr/sbin:/usr/bin:/sbin:/bin".Split(':').Any(directory => File.Exists(Path.Combine(directory, program))),
            $"{program} is not installed"
        );

    public static string Run(string program, params string[] arguments)
    {
        System.Diagnostics.ProcessStartInfo start = new(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(
            process.ExitCode == 0,
            $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {errors.Result}{output}"
        );
        return output;
    }
}
