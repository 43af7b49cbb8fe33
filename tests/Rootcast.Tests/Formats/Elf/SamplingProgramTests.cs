using System.Diagnostics;
using System.Runtime.InteropServices;
using Rootcast.Formats.Elf;

namespace Rootcast.Tests;

public sealed class SamplingProgramTests
{
    [Fact]
    public void ItCopiesTheBeginningSoManyTimesAndEnds()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "a program for x86-64");
        byte[] program = SamplingProgram.File(5, TimeSpan.FromMilliseconds(1), times: 3);
        Assert.InRange(program.Length, 1, 4096);
        string directory = Directory.CreateTempSubdirectory("rootcast-sampling-").FullName;
        try
        {
            string file = Path.Combine(directory, "sampler");
            File.WriteAllBytes(file, program);
            Judge.MakeExecutable(file);
            File.WriteAllText(Path.Combine(directory, "source"), "12345 and more");
            using Process process = Process.Start("sh", ["-c", "cd \"$1\" && exec ./sampler < source > target", "sh", directory]);
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            Assert.Equal("123451234512345", File.ReadAllText(Path.Combine(directory, "target")));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void OnThisKernelTheThreeLinesAreWhatIsCopied()
    {
        string[] lines = File.ReadAllText("/proc/meminfo")[..SamplingProgram.MemoryLines].Split('\n');
        Assert.Equal(
            ["MemTotal:", "MemFree:", "MemAvailable:"],
            lines[..3].Select(line => line[..(line.IndexOf(':', StringComparison.Ordinal) + 1)])
        );
        Assert.Equal("", lines[3]);
    }
}
