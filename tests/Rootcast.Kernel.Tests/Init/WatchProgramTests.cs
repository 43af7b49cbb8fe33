using System.Buffers.Binary;
using System.Diagnostics;
using Rootcast.Contract;
using Rootcast.Init.RootDaemons;

namespace Rootcast.Tests;

/// <summary>The program runs as process 1 of a namespace of its own; reboot(2) there tells the parent by a signal what was asked for.</summary>
public sealed class WatchProgramTests : IDisposable
{
    private const int KilledByHangup = 128 + 1;
    private const int KilledByInterrupt = 128 + 2;
    private readonly string directory;

    public WatchProgramTests()
    {
        Host.NeedsLoopDevices();
        Host.Needs("unshare");
        directory = Directory.CreateTempSubdirectory("rootcast-watch").FullName;
        // Only /dev and /proc are missing in there, so nothing reaches this host's log and console.
        foreach (string line in Host.Run("ldd", "/bin/dash").Split('\n'))
        {
            string? library = line.Split(' ', '\t').FirstOrDefault(word => word.StartsWith('/'));
            if (library is not null)
            {
                Directory.CreateDirectory(directory + Path.GetDirectoryName(library));
                Host.Run("cp", library, directory + library);
            }
        }
        Directory.CreateDirectory(directory + "/bin");
        // By cp: what another test starts meanwhile would hold a file that this process had written, and it would be busy.
        Host.Run("cp", "/bin/dash", directory + "/bin/dash");
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void A_daemon_that_ends_before_the_handover_leaves_its_status_and_words()
    {
        Assert.Equal(1, Run(OnFail.Reboot));
        Assert.Equal("last words, I am @dash\n", File.ReadAllText(directory + "/log"));
        Assert.Equal(7 << 8, BinaryPrimitives.ReadInt32LittleEndian(File.ReadAllBytes(directory + WatchProgram.Ended)));
    }

    [Theory]
    [InlineData(OnFail.Reboot, KilledByHangup)]
    [InlineData(OnFail.Halt, KilledByInterrupt)]
    public void A_daemon_that_ends_after_the_handover_ends_the_machine(OnFail onFail, int ending)
    {
        File.WriteAllText(directory + PrivateRoot.HandedOver, "");
        Assert.Equal(ending, Run(onFail));
    }

    private int Run(OnFail onFail)
    {
        RootDaemon daemon = new()
        {
            Name = "dash",
            Program = "/bin/dash",
            Arguments = ["-c", "echo last words, I am $0; exit 7"],
        };
        string program = directory + "/watch";
        File.WriteAllBytes(program, WatchProgram.File(daemon, directory, onFail, TimeSpan.FromMilliseconds(1)));
        Judge.MakeExecutable(program);
        using Process process = Process.Start("unshare", ["-m", "-p", "--fork", program]);
        process.WaitForExit();
        return process.ExitCode;
    }
}
