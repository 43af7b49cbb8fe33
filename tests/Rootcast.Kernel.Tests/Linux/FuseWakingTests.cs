using System.Diagnostics;
using System.Globalization;
using Rootcast.Linux.Events;
using Rootcast.Linux.Files;
using Rootcast.Linux.Mounts;
using Rootcast.Linux.Processes;

namespace Rootcast.Tests;

/// <summary>A FUSE file system whose server is stopped, as at the end of a system.</summary>
public sealed class FuseWakingTests : IDisposable
{
    private const int TimedOut = 124;
    private readonly string directory;
    private readonly Process server;

    public FuseWakingTests()
    {
        Host.NeedsLoopDevices();
        Host.Needs("mksquashfs");
        Host.Needs("squashfuse");
        Assert.SkipUnless(File.Exists("/dev/fuse"), "this host has no FUSE");
        directory = Directory.CreateTempSubdirectory("rootcast-fuse").FullName;
        string tree = Directory.CreateDirectory(directory + "/tree").FullName;
        foreach (string name in (string[])["one", "two", "three"])
        {
            File.WriteAllText($"{tree}/{name}", name);
        }
        Host.Run("mksquashfs", tree, directory + "/image", "-quiet", "-no-progress");
        Directory.CreateDirectory(Mounted);
        server = Process.Start("squashfuse", ["-f", directory + "/image", Mounted]);
        using Microsoft.Win32.SafeHandles.SafeFileHandle mounts = FileNodes.Open("/proc/self/mountinfo", OpenFlags.ReadOnly);
        using Microsoft.Win32.SafeHandles.SafeFileHandle process = ProcessHandle.Open(server.Id);
        while (!MountedFileSystem.All().Any(mount => mount.Place == Mounted))
        {
            Assert.False(server.HasExited, "squashfuse has ended");
            Poll.Changed(TimeSpan.FromSeconds(10), mounts, process);
        }
        // It answers once: what comes later is in no cache.
        Assert.Equal(0, Look("one"));
    }

    private string Mounted => directory + "/mounted";

    public void Dispose()
    {
        Host.Run("kill", "-CONT", Id);
        Host.Run("umount", "-l", Mounted);
        server.WaitForExit();
        server.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public void A_stopped_server_answers_nobody()
    {
        Host.Run("kill", "-STOP", Id);
        Assert.Equal(TimedOut, Look("two", "3"));
    }

    [Fact]
    public void A_request_wakes_a_server_that_is_armed_each_time_it_is_stopped()
    {
        Assert.Equal(1, FuseWaking.Arm(server.Id));
        Assert.Equal(0, Look("one"));
        foreach (string name in (string[])["two", "three"])
        {
            Host.Run("kill", "-STOP", Id);
            Assert.Equal(0, Look(name));
        }
        Assert.False(server.HasExited);
    }

    private string Id => server.Id.ToString(CultureInfo.InvariantCulture);

    private int Look(string name, string seconds = "60")
    {
        using Process look = Process.Start("timeout", ["-s", "KILL", seconds, "stat", "-c", "", $"{Mounted}/{name}"]);
        look.WaitForExit();
        return look.ExitCode is 137 ? TimedOut : look.ExitCode;
    }
}
