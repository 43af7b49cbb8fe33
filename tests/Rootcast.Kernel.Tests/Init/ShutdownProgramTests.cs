using System.Diagnostics;
using Rootcast.Init.Handover;

namespace Rootcast.Tests;

/// <summary>The program runs as process 1 of a namespace of its own; reboot(2) there tells the parent by a signal what was asked for.</summary>
public sealed class ShutdownProgramTests : IDisposable
{
    private const int KilledByHangup = 128 + 1;
    private const int KilledByInterrupt = 128 + 2;
    private readonly string directory = Directory.CreateTempSubdirectory("rootcast-shutdown").FullName;

    public ShutdownProgramTests()
    {
        Host.NeedsLoopDevices();
        Host.Needs("unshare");
        Host.Needs("mke2fs");
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [InlineData("poweroff", KilledByInterrupt)]
    [InlineData("halt", KilledByInterrupt)]
    [InlineData("reboot", KilledByHangup)]
    [InlineData("kexec", KilledByHangup)]
    public void A_root_on_a_loop_device_is_unmounted_before_the_end(string verb, int ending)
    {
        string image = Path.Combine(directory, "image");
        Host.Run("mke2fs", "-q", "-t", "ext4", image, "16M");
        File.WriteAllBytes(Path.Combine(directory, "shutdown"), ShutdownProgram.File([]));
        Directory.CreateDirectory(Path.Combine(directory, "memory"));
        // No /dev in there: the program must not find this host's mapped devices.
        const string script = """
            set -e
            cd "$1"
            mount -t tmpfs memory memory
            install shutdown memory/shutdown
            mkdir memory/oldroot
            mount -o loop image memory/oldroot
            mkdir memory/oldroot/run
            mount -t tmpfs below memory/oldroot/run
            exec chroot memory /shutdown "$2"
            """;
        using Process process = Process.Start("unshare", ["-m", "-p", "--fork", "sh", "-c", script, "sh", directory, verb]);
        process.WaitForExit();
        Assert.Equal(ending, process.ExitCode);
        Assert.Equal("", Host.Run("losetup", "-j", image));
        string said = Host.Run("dumpe2fs", "-h", image);
        Assert.DoesNotContain("needs_recovery", said, StringComparison.Ordinal);
        Assert.Contains("Mount count:              1", said, StringComparison.Ordinal);
    }
}
