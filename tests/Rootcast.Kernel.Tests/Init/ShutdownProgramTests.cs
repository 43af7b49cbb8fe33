using System.Diagnostics;
using Rootcast.Contract;
using Rootcast.Init.Handover;
using Rootcast.Init.RootDaemons;

namespace Rootcast.Tests;

/// <summary>The program runs as process 1 of a namespace of its own; reboot(2) there tells the parent by a signal what was asked for.</summary>
public sealed class ShutdownProgramTests : IDisposable
{
    private const int KilledByHangup = 128 + 1;
    private const int KilledByInterrupt = 128 + 2;
    private readonly string directory;

    public ShutdownProgramTests()
    {
        Host.NeedsLoopDevices();
        Host.Needs("unshare");
        Host.Needs("mke2fs");
        directory = Directory.CreateTempSubdirectory("rootcast-shutdown").FullName;
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [InlineData("poweroff", KilledByInterrupt)]
    [InlineData("halt", KilledByInterrupt)]
    [InlineData("reboot", KilledByHangup)]
    [InlineData("kexec", KilledByHangup)]
    public void A_root_on_a_loop_device_is_unmounted_before_the_end(string verb, int ending)
    {
        string image = MakeImage();
        Assert.Equal(ending, Run(ShutdownProgram.File([]), verb));
        Assert.Equal("", Host.Run("losetup", "-j", image));
        string said = Host.Run("dumpe2fs", "-h", image);
        Assert.DoesNotContain("needs_recovery", said, StringComparison.Ordinal);
        Assert.Contains("Mount count:              1", said, StringComparison.Ordinal);
    }

    /// <summary>Process 1 ends, and with it all others: one that has written before has been waited for.</summary>
    [Fact]
    public void A_process_of_the_tree_is_waited_for()
    {
        string image = MakeImage();
        byte[] program = ShutdownProgram.File([], below: ["/dev", "/run"]);
        Assert.Equal(KilledByHangup, Run(program, "reboot", "cd memory/oldroot; (sleep 1; echo left > \"$1/left\") & cd ../.."));
        Assert.True(File.Exists(Path.Combine(directory, "left")));
        Assert.Contains(ShutdownProgram.Done, Said(), StringComparison.Ordinal);
        Assert.Equal("", Host.Run("losetup", "-j", image));
    }

    [Fact]
    public void A_daemon_whose_stop_fails_is_named()
    {
        MakeImage();
        RootDaemon daemon = new()
        {
            Name = "server",
            Program = "/server",
            Stop = ["/nowhere"],
        };
        Assert.Equal(KilledByHangup, Run(ShutdownProgram.File([new RunningDaemon(daemon, null)]), "reboot"));
        Assert.Contains(ShutdownProgram.NotEnded("server"), Said(), StringComparison.Ordinal);
    }

    private string MakeImage()
    {
        string image = Path.Combine(directory, "image");
        Host.Run("mke2fs", "-q", "-t", "ext4", image, "16M");
        return image;
    }

    /// <summary>What it said: each message stands where the one before it began.</summary>
    private string Said() => File.ReadAllText(Path.Combine(directory, "said"));

    private int Run(byte[] program, string verb, string before = "")
    {
        File.WriteAllBytes(Path.Combine(directory, "shutdown"), program);
        File.WriteAllText(Path.Combine(directory, "said"), "");
        Directory.CreateDirectory(Path.Combine(directory, "memory"));
        // Of /dev only the log: the program must not find this host's mapped devices.
        string script = $"""
            set -e
            cd "$1"
            mount -t tmpfs memory memory
            install shutdown memory/shutdown
            mkdir memory/oldroot memory/dev
            touch memory/dev/kmsg
            mount --bind said memory/dev/kmsg
            mount -o loop image memory/oldroot
            mkdir memory/oldroot/run
            mount -t tmpfs below memory/oldroot/run
            {before}
            exec chroot memory /shutdown "$2"
            """;
        using Process process = Process.Start("unshare", ["-m", "-p", "--fork", "sh", "-c", script, "sh", directory, verb]);
        process.WaitForExit();
        return process.ExitCode;
    }
}
