using Rootcast.Contract;
using Rootcast.Formats.Elf;
using Rootcast.Init.Handover;
using Rootcast.Init.RootDaemons;

namespace Rootcast.Tests;

public sealed class ShutdownProgramTests
{
    [Fact]
    public void It_is_a_static_program_of_less_than_a_page()
    {
        byte[] file = ShutdownProgram.File([]);
        AssertProgram(file);
    }

    [Fact]
    public void It_stays_one_with_root_daemons()
    {
        RootDaemon daemon = new()
        {
            Name = "zfs-fuse",
            Program = "/usr/sbin/zfs-fuse",
            Stop = ["/usr/sbin/zpool", "export", "-f", "rpool"],
        };
        AssertProgram(ShutdownProgram.File([new RunningDaemon(daemon, 100), new RunningDaemon(daemon, null)]));
        AssertProgram(SysvinitScripts.ProgramOf("/run/initramfs/k", 'k'));
        AssertProgram(WatchProgram.File(daemon, "/run/initramfs/daemons/zfs-fuse", OnFail.Reboot, TimeSpan.FromSeconds(15)));
    }

    private static void AssertProgram(byte[] file)
    {
        Assert.InRange(file.Length, 1, 4096);
        ElfFile elf = ElfFile.Read(file);
        Assert.True(elf.Is64Bit);
        Assert.Equal(62, elf.Machine);
        Assert.Null(elf.Interpreter);
        Assert.Empty(elf.Needed);
    }
}
